using System.Security.Cryptography;
using Federation.Node.Access;
using Federation.Node.Exchange;
using Federation.Node.Operations;
using Federation.Node.Partners;
using Federation.Node.Records;
using Federation.Node.Storage;
using Federation.Node.Storage.Sqlite;
using Federation.Protocol.Keys;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Federation.Node;

/// <summary>Runs one node on Kestrel: builds the web application around a composition and keeps it until it stops.</summary>
internal static class NodeHost
{
    /// <summary>The database's file in the data directory.</summary>
    public const string DatabaseName = "federation.db";

    /// <summary>Builds the application; nothing listens yet.</summary>
    public static async Task<WebApplication> BuildAsync(NodeOptions options, NodeWorld world, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Federation.Node" });
        AddLogging(builder.Logging, options.Log, world.Log);
        builder.Services.AddSystemd();

        MakePrivate(options.DataDirectory);
        var dataLock = DataLock.Take(options.DataDirectory);
        ListeningFile.Clear(options.DataDirectory);
        var logs = LoggerFactory.Create(l => AddLogging(l, options.Log, world.Log));
        var logger = logs.CreateLogger("Federation.Node");
        INodeStore store = SqliteNodeStore.Open(Path.Combine(options.DataDirectory, DatabaseName), NewBoot(world.Entropy), failure =>
        {
            NodeLog.StoreFailed(logger, failure);
            world.FailFast(failure);
        });
        store = world.Store?.Invoke(store) ?? store;
        var anchor = await OpenAnchorAsync(options, store, world, logger, cancellationToken);
        await FirstOperator.AdmitAsync(store, options.FirstOperator, world.Time, logger, cancellationToken);
        var identity = IdentityFiles.Read(options, SignatureScheme.Ecdsa);
        var leaf = new TlsLeaf(ReadTlsKey(options), identity.Institute, world.Time);
        PartnerChannels? channels = null;
        var node = NodeComposition.Build(new NodeDependencies
        {
            Time = world.Time,
            Random = world.Random,
            Entropy = world.Entropy,
            Store = store,
            Anchor = anchor,
            Identity = identity,
            Scheme = SignatureScheme.Ecdsa,
            Network = roster => (channels = new PartnerChannels(leaf, roster, world.Time)).Connect,
            MaxLiveRecordsPerPartner = (ulong)options.MaxLiveRecordsPerPartner,
            AuditPeriod = TimeSpan.FromDays(options.AuditPeriodDays),
            Logs = logs,
        });
        await node.LoadAsync(cancellationToken);
        var tls = new ListenerTls(options, leaf, node.Roster, node.Clients, world.Time);

        AddServices(builder, node, anchor);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Listeners.Bind(kestrel, options, tls));
        var app = builder.Build();
        app.UseMiddleware<ListenerGate>();
        app.UseRouting();
        app.MapGrpcService<RecordsEndpoint>();
        app.MapGrpcService<OperatorEndpoint>();
        app.MapGrpcService<ExchangeEndpoint>();
        app.MapGrpcHealthChecksService();
        app.MapGrpcReflectionService();
        app.Lifetime.ApplicationStarted.Register(() => Announce(app, options, identity, logger));
        app.Lifetime.ApplicationStopping.Register(() => _ = node.Shutdown.BeginAsync());
        app.Lifetime.ApplicationStopped.Register(() =>
        {
            ListeningFile.Clear(options.DataDirectory);
            dataLock.Dispose();
        });
        return app;
    }

    // Without its anchor a node goes on, and says that it would not find out by itself if its data were old.
    private static async Task<LedgerAnchor> OpenAnchorAsync(
        NodeOptions options, INodeStore store, NodeWorld world, ILogger logger, CancellationToken cancellationToken)
    {
        MakePrivate(Path.GetDirectoryName(options.Anchor)!);
        var anchor = SqliteAnchor.Open(
            options.Anchor,
            failure =>
            {
                NodeLog.AnchorFailed(logger, failure);
                world.FailFast(failure);
            },
            out var isNew);
        if (isNew && (await store.ReadNodeAsync(cancellationToken)).Ledgers.Any(ledger => ledger.SignedSize > 0))
            NodeLog.AnchorLost(logger, options.Anchor);
        return world.Anchor?.Invoke(anchor) ?? anchor;
    }

    private static void AddServices(WebApplicationBuilder builder, NodeComposition node, LedgerAnchor anchor)
    {
        var services = builder.Services;
        services.AddRouting();
        services.AddGrpc(grpc => grpc.Interceptors.Add<CallerInterceptor>())
            .AddServiceOptions<ExchangeEndpoint>(o => o.MaxReceiveMessageSize = ExchangeLimits.PartnerReceiveBytes)
            .AddServiceOptions<RecordsEndpoint>(o => o.MaxReceiveMessageSize = ExchangeLimits.FollowerReceiveBytes)
            .AddServiceOptions<OperatorEndpoint>(o => o.MaxReceiveMessageSize = ExchangeLimits.FollowerReceiveBytes);
        services.AddGrpcHealthChecks().AddCheck("node", () => Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckResult.Healthy());
        services.AddGrpcReflection();
        services.AddSingleton<PartnerLoad>().AddSingleton<CallerInterceptor>();
        services.AddSingleton(node.Roster).AddSingleton(node.Clients).AddSingleton(node.Records).AddSingleton(node.Operator).AddSingleton(node.Exchange);
        services.AddSingleton<IHostedService>(new StoreLifetime(node.Store, anchor));
        foreach (var service in node.Services)
            services.AddSingleton<IHostedService>(service);
    }

    private static void AddLogging(ILoggingBuilder logging, LogOptions options, ILoggerProvider? instead)
    {
        logging.SetMinimumLevel(options.Level);
        logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning);
        if (instead is not null)
            logging.AddProvider(instead);
        else if (options.Format == "json")
            logging.AddJsonConsole(console => (console.TimestampFormat, console.UseUtcTimestamp) = ("yyyy-MM-ddTHH:mm:ss.fffZ", true));
        else
            logging.AddSimpleConsole(console =>
                (console.SingleLine, console.TimestampFormat, console.UseUtcTimestamp) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ ", true));
    }

    /// <summary>Makes a directory that is its owner's alone, because the database holds data keys.</summary>
    public static void MakePrivate(string directory)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(directory);
        else
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string NewBoot(EntropySource entropy)
    {
        var bytes = new byte[16];
        entropy(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private static ECDsa ReadTlsKey(NodeOptions options)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(options.KeysDirectory, "tls.key")));
        return key;
    }

    private static void Announce(WebApplication app, NodeOptions options, NodeIdentity identity, ILogger logger)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(a => new Uri(a)).Select(a => $"{a.Host}:{a.Port}").ToList();
        if (identity.Card.Addresses.Count == 0)
            identity.Card.Addresses.Add(addresses[0]);
        ListeningFile.Write(options.DataDirectory, addresses[0], addresses[1]);
        NodeLog.Listening(logger, options.Institute, addresses[0], addresses[1]);
    }
}
