namespace Federation.Node.Access;

/// <summary>
/// Lets a call through only to the services of the listener that its connection came in by. Everything else is answered like a service
/// that does not exist, with the same bytes on both listeners.
/// </summary>
internal sealed class ListenerGate(RequestDelegate next)
{
    private static readonly Dictionary<Listener, string[]> Services = new()
    {
        [Listener.Partner] = ["/federation.exchange.v1.ExchangeService/"],
        [Listener.Own] =
        [
            "/federation.node.v1.RecordsService/", "/federation.node.v1.OperatorService/", "/grpc.health.v1.Health/",
            "/grpc.reflection.v1alpha.ServerReflection/", "/grpc.reflection.v1.ServerReflection/",
        ],
    };

    /// <summary>Passes the call on, or answers it.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var stamp = context.Features.Get<ListenerStamp>();
        var path = context.Request.Path.Value ?? "";
        return stamp is not null && Services[stamp.Listener].Any(s => IsMethodOf(s, path)) ? next(context) : RefuseAsync(context);
    }

    private static bool IsMethodOf(string service, string path) =>
        path.StartsWith(service, StringComparison.Ordinal) && !path.AsSpan(service.Length).Contains('/');

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = "12";
        context.Response.Headers["grpc-message"] = "Service is unimplemented.";
        return Task.CompletedTask;
    }
}
