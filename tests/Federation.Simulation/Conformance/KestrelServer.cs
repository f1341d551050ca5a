using System.Net;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Federation.Simulation.Conformance;

/// <summary>The real transport: Kestrel and Grpc.Net.Client over loopback, a server and a connection for each case.</summary>
internal sealed class KestrelServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly GrpcChannel _channel;
    private readonly GrpcChannel _nowhere;

    private KestrelServer(WebApplication application, GrpcChannel channel, GrpcChannel nowhere) =>
        (_application, _channel, _nowhere) = (application, channel, nowhere);

    public Sightings Seen => _application.Services.GetRequiredService<Sightings>();

    public ConformanceStage Stage => new(_channel.CreateCallInvoker(), _nowhere.CreateCallInvoker(), TimeProvider.System, Seen);

    public static async Task<KestrelServer> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc(static options => options.Interceptors.Add<TranslatingInterceptor>());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Sightings>();
        builder.Services.AddSingleton<BehaviourEndpoint>();
        var application = builder.Build();
        application.MapGrpcService<BehaviourEndpoint>();
        await application.StartAsync(cancellationToken);
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new KestrelServer(application, GrpcChannel.ForAddress(address), GrpcChannel.ForAddress("http://127.0.0.1:1"));
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        _nowhere.Dispose();
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }
}
