using Federation.Node.Storage;
using Grpc.Core.Interceptors;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>What a pair of worlds is put through beyond the ordinary, and the leak that is planted in both of them.</summary>
internal sealed record PairedOptions
{
    /// <summary>Whether the second world is run too; else only what reaches the partner is searched.</summary>
    public bool Compares { get; init; } = true;

    /// <summary>Hidden things come at any microsecond instead of at whole milliseconds.</summary>
    public bool FineMoments { get; init; }

    /// <summary>Embargoes of the visible script end at whole seconds, so exactly at a tick.</summary>
    public bool WholeSeconds { get; init; }

    /// <summary>The observed partner's policy is spelled anew, with the same meaning, now and then.</summary>
    public bool Respells { get; init; }

    /// <summary>
    /// Hidden parts of visible records are edited also while a visible step waits for its tick, and at the very moments at which entries leave
    /// or the partner begins a stream.
    /// </summary>
    public bool Aims { get; init; }

    /// <summary>So many hidden records that a sweep takes several chunks.</summary>
    public bool Many { get; init; }

    /// <summary>Longer than a stream may last.</summary>
    public bool Long { get; init; }

    /// <summary>A store that leaks, in front of the origin's.</summary>
    public Func<INodeStore, LeakSurroundings, INodeStore>? LeakingStore { get; init; }

    /// <summary>An endpoint that leaks, around the origin's.</summary>
    public Func<LeakSurroundings, Interceptor>? LeakingEndpoint { get; init; }
}
