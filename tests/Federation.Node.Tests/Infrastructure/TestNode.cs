using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Federation.Cli.Setup;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Node.Storage.Sqlite;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>One real node in this process: its directory as `federation init` makes it, its listeners on loopback, its store on disk.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly string directory;
    private readonly NodeOptions options;
    private readonly TimeProvider time;
    private readonly Dictionary<string, (bool Share, bool Follow)> switches = [];
    private readonly Dictionary<string, TestChannel> channels = [];
    private WebApplication? app;

    private TestNode(string directory, NodeOptions options, TimeProvider time)
    {
        this.directory = directory;
        this.options = options;
        this.time = time;
    }

    public string Institute => options.Institute;

    /// <summary>The node's directory, for the tool's --dir.</summary>
    public string Location => directory;

    public CapturedLog Log { get; } = new();

    public string PartnerAddress => $"127.0.0.1:{options.PartnerListener.Port}";

    public string OwnAddress => $"127.0.0.1:{options.OwnListener.Port}";

    public string DatabasePath => Path.Combine(options.DataDirectory, "federation.db");

    /// <summary>The failures on which the node would have ended its process.</summary>
    public List<Exception> Fatal { get; } = [];

    /// <summary>Every method that is mapped, by its full name; reflection and health included, what answers for unknown methods not.</summary>
    public IReadOnlyList<string> Methods => [.. app!.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .Select(e => e.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName).OfType<string>().Distinct()];

    /// <summary>What is put between the node and its store when it is started next.</summary>
    public Func<INodeStore, INodeStore>? Wrap { get; set; }

    /// <summary>The first operator, who has every role.</summary>
    public OperatorService.OperatorServiceClient Operator => Channel("operator").Operator;

    /// <summary>Records by the first operator.</summary>
    /// <summary>Whether the clock is vouched for at each start; without it no embargo ends.</summary>
    public bool ClockIsConfirmed { get; set; } = true;

    public RecordsService.RecordsServiceClient Records => Channel("operator").Records;

    /// <summary>Makes a node's directory and starts the node on free ports, which it keeps when it is started again.</summary>
    public static async Task<TestNode> StartNewAsync(string institute, Action<NodeOptions>? adjust = null, TimeProvider? time = null)
    {
        var clock = time ?? TimeProvider.System;
        var directory = Path.Combine(Directory.CreateTempSubdirectory("federation-node-").FullName, institute);
        var plan = new InstitutePlan { Location = directory, Institute = InstituteId.Parse(institute), PartnerPort = 0, OwnPort = 0 };
        InstituteSetup.Create(plan, clock);
        Assert.True(NodeOptionsFile.TryRead(directory, out var options, out var errors), string.Join('\n', errors));
        adjust?.Invoke(options);
        var node = new TestNode(directory, options, clock);
        await node.StartAsync();
        return node;
    }

    /// <summary>Starts the node on its directory.</summary>
    public async Task StartAsync()
    {
        var world = new NodeWorld(time, new Random(Institute.Length), RandomNumberGenerator.Fill, Fatal.Add, Log, Wrap);
        app = await NodeHost.BuildAsync(options, world, TestContext.Current.CancellationToken);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var ports = app.Urls.Select(u => new Uri(u).Port).ToArray();
        (options.PartnerListener.Port, options.OwnListener.Port) = (ports[0], ports[1]);
        // Two nodes have one partner each: an operator has to vouch for their clocks.
        if (ClockIsConfirmed)
            await Channel("operator").Operator.ConfirmClockAsync(new V1.Node.ConfirmClockRequest());
    }

    /// <summary>Stops the node as an operator would.</summary>
    public async Task StopAsync(bool keepChannels = false)
    {
        if (app is null)
            return;
        if (!keepChannels)
        {
            foreach (var channel in channels.Values)
                channel.Dispose();
            channels.Clear();
        }

        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
        app = null;
    }

    /// <summary>The channel of a client that was added, or of the first operator.</summary>
    public TestChannel Channel(string client)
    {
        if (!channels.TryGetValue(client, out var channel))
            channels.Add(client, channel = new TestChannel(OwnAddress, Certificate(client)));
        return channel;
    }

    /// <summary>The certificate of a client that was added, or of the first operator.</summary>
    public X509Certificate2 Certificate(string client) => X509Certificate2.CreateFromPemFile(Path.Combine(directory, "clients", $"{client}.pem"));

    /// <summary>Issues a client's certificate by the institute's own authority, and keeps it by name.</summary>
    public IssuedCertificate Issue(string client, DateTimeOffset now)
    {
        using var authority = OpenAuthority();
        var issued = authority.IssueClient(client, now);
        File.WriteAllText(Path.Combine(directory, "clients", $"{client}.pem"), issued.Pem + issued.KeyPem);
        return issued;
    }

    /// <summary>A client's certificate by the institute's own authority, whose time is over.</summary>
    public X509Certificate2 IssueExpired()
    {
        using var authority = X509Certificate2.CreateFromPemFile(options.OwnAuthority, Path.Combine(directory, "own-ca", "ca.key"));
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=expired", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var issued = request.Create(authority, authority.NotBefore, authority.NotBefore.AddSeconds(1), [1, 2, 3]);
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>The institute's own authority.</summary>
    public OwnAuthority OpenAuthority() => OwnAuthority.Load(options.OwnAuthority, Path.Combine(directory, "own-ca", "ca.key"));

    /// <summary>Issues a certificate and admits the client with roles.</summary>
    public async Task<TestChannel> AddClientAsync(string client, params string[] roles)
    {
        var request = new AddClientRequest { Name = client, Certificate = ByteString.CopyFrom(Issue(client, time.GetUtcNow()).Der) };
        request.Roles.AddRange(roles);
        await Operator.AddClientAsync(request);
        return Channel(client);
    }

    /// <summary>The node's card.</summary>
    public async Task<PartnerCard> CardAsync() => (await Operator.GetPartnerCardAsync(new GetPartnerCardRequest())).Card;

    /// <summary>Pins a partner, or turns further switches on.</summary>
    public async Task AddPartnerAsync(PartnerCard card, bool share = false, bool follow = false)
    {
        var before = switches.GetValueOrDefault(card.Institute);
        var now = switches[card.Institute] = (before.Share || share, before.Follow || follow);
        await Operator.AddPartnerAsync(new AddPartnerRequest { Card = card, Share = now.Share, Follow = now.Follow });
    }

    /// <summary>A key of the node, by its file's name.</summary>
    public ECDsa Key(string name)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(options.KeysDirectory, $"{name}.key")));
        return key;
    }

    /// <summary>The certificate by which the node shows itself to partners.</summary>
    public X509Certificate2 PartnerCertificate()
    {
        using var leaf = new TlsLeaf(Key("tls"), InstituteId.Parse(Institute), time);
        return X509CertificateLoader.LoadPkcs12(leaf.Current.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>A connection to another node's partner listener with this node's own key.</summary>
    public TestChannel ChannelTo(TestNode other) => new(other.PartnerAddress, PartnerCertificate());

    /// <summary>Another reader of the database.</summary>
    public SqliteSession OpenDatabase() => SqliteSession.Open(DatabasePath, 1024);

    /// <summary>How often these bytes occur in any file of the node's directory: database, log, shared memory, keys, whatever lies there.</summary>
    public int CountInFiles(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        foreach (var file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            // The lock of the data directory can't be opened, and is empty.
            if (new FileInfo(file).Length == 0)
                continue;
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[stream.Length];
            var read = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            count += content.AsSpan(0, read).Count(bytes);
        }

        return count;
    }

    /// <summary>Flips a bit of the one place in the database of a stopped node that holds these bytes.</summary>
    public void FlipBit(ReadOnlySpan<byte> bytes)
    {
        var content = File.ReadAllBytes(DatabasePath);
        var at = content.AsSpan().IndexOf(bytes);
        Assert.Equal((1, true), (content.AsSpan().Count(bytes), at >= 0));
        content[at + (bytes.Length / 2)] ^= 0x10;
        File.WriteAllBytes(DatabasePath, content);
    }

    /// <summary>Keeps a copy of the database of a stopped node.</summary>
    public void SaveDatabase() => File.Copy(DatabasePath, $"{DatabasePath}.old", overwrite: true);

    /// <summary>Puts the copy back in the place of the database of a stopped node.</summary>
    public void RestoreDatabase()
    {
        File.Delete($"{DatabasePath}-wal");
        File.Delete($"{DatabasePath}-shm");
        File.Copy($"{DatabasePath}.old", DatabasePath, overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Path.GetDirectoryName(directory)!, recursive: true);
    }
}
