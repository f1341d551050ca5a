namespace Federation.Simulation.Scenarios.Paired;

/// <summary>Jitter drawn from the stream of the call that asks for it.</summary>
internal sealed class CallRandom(CallStreams streams) : Random
{
    public override double NextDouble() => streams.NextDouble();

    public override int Next(int maxValue) => (int)(Sample() * maxValue);

    protected override double Sample() => streams.NextDouble();
}
