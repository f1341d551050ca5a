using Federation.Simulation.World;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>
/// Gives each call that a node serves random bytes of its own, so that one call's values do not depend on how much another has drawn.
/// Real random bytes are independent of each other; these are two draws of them in which a call that both worlds serve gets the same.
/// </summary>
internal sealed class CallStreams(NodeLife life)
{
    private readonly AsyncLocal<CallStream?> _current = new();

    /// <summary>Whom the present call serves; null outside calls.</summary>
    public string? Caller => _current.Value?.Caller;

    /// <summary>Every await of the present call, and what it starts, draws from this stream.</summary>
    public void Enter(string caller, Rng rng) => _current.Value = new CallStream(caller, rng);

    public void Fill(Span<byte> destination)
    {
        if (_current.Value is { } stream)
            stream.Fill(destination);
        else
            life.SecureBytes.Fill(destination);
    }

    public double NextDouble() => _current.Value is { } stream ? stream.NextDouble() : life.Random.NextDouble();
}
