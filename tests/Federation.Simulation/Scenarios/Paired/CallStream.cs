using Federation.Simulation.World;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>
/// The random values of one call. Each draw has a stream of its own: a draw for more parts begins with the same bytes as one for fewer,
/// and shifts none after it.
/// </summary>
internal sealed class CallStream(string caller, Rng rng)
{
    private ulong _draws;

    public string Caller => caller;

    public void Fill(Span<byte> destination) => new DeterministicBytes(rng.Fork(++_draws)).Fill(destination);

    public double NextDouble() => rng.Fork(++_draws).Unit();
}
