using System.Net;
using System.Security.Cryptography.X509Certificates;
using Federation.Cli.Setup;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Federation.Node.Tests.Cli;

/// <summary>An own listener that answers as a test's script says, over real mutual TLS with the certificates that <c>init</c> made.</summary>
internal sealed class ScriptedNode : IAsyncDisposable
{
    private readonly TestDirectory _parent = new();
    private readonly WebApplication _server;

    private ScriptedNode(ScriptedRecords records, ScriptedOperator operators)
    {
        Records = records;
        Operator = operators;
        InstituteSetup.Create(
            new InstitutePlan { Location = Location, Institute = Federation.Protocol.Records.InstituteId.Parse("uk"), OwnPort = 0 }, TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = 1024 * 1024);
        builder.Services.AddSingleton(records);
        builder.Services.AddSingleton(operators);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, Listen));
        builder.WebHost.UseKestrelHttpsConfiguration();
        _server = builder.Build();
        _server.MapGrpcService<ScriptedRecords>();
        _server.MapGrpcService<ScriptedOperator>();
    }

    public ScriptedRecords Records { get; }

    public ScriptedOperator Operator { get; }

    public string Location => _parent.Inside("uk");

    public static Task<ScriptedNode> StartAsync(ScriptedRecords records) => StartAsync(records, new ScriptedOperator());

    public static Task<ScriptedNode> StartAsync(ScriptedOperator operators) => StartAsync(new ScriptedRecords(), operators);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _parent.Dispose();
    }

    private static async Task<ScriptedNode> StartAsync(ScriptedRecords records, ScriptedOperator operators)
    {
        var node = new ScriptedNode(records, operators);
        await node._server.StartAsync();
        var address = node._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        var own = new Uri(address).Authority;
        node._parent.Write("uk/data/listening.json", $$"""{ "partner": "127.0.0.1:1", "own": "{{own}}" }""");
        return node;
    }

    private void Listen(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http2;
        var certificate = X509Certificate2.CreateFromPem(_parent.Read("uk/own-ca/server.pem"), _parent.Read("uk/own-ca/server.key"));
        var authority = X509Certificate2.CreateFromPem(_parent.Read("uk/own-ca/ca.pem"));
        listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.SslProtocols = System.Security.Authentication.SslProtocols.Tls13;
            https.OnAuthenticate = (_, options) =>
            {
                var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                trust.CustomTrustStore.Add(authority);
                options.CertificateChainPolicy = trust;
            };
        });
    }
}
