using Federation.Simulation.World;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Federation.Simulation.Network;

/// <summary>How a listener sees its callers and their errors.</summary>
internal sealed record ListenOptions
{
    /// <summary>The key under which a call's <see cref="ServerCallContext.UserState"/> holds the caller.</summary>
    public const string CallerKey = "federation.caller";

    /// <summary>Distinguishes the listeners of one node, as its ports do.</summary>
    public string Port { get; init; } = "";

    /// <summary>What authentication makes of the calling node; null leaves the key out.</summary>
    public Func<SimNode, object?>? Caller { get; init; }

    /// <summary>Turns an exception of a method into what the client gets; null lets the default mapping decide.</summary>
    public Func<Exception, RpcException?>? Errors { get; init; }

    /// <summary>Server interceptors, outermost first.</summary>
    public IReadOnlyList<Interceptor> Interceptors { get; init; } = [];
}
