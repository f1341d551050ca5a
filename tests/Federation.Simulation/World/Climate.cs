namespace Federation.Simulation.World;

/// <summary>How hard one run shakes the schedule; each run draws its own, so that some runs are calm and some wild.</summary>
internal sealed record Climate(TimeSpan StepCostMax, double PreemptChance, TimeSpan PreemptMax)
{
    private static readonly TimeSpan[] s_stepCosts =
        [TimeSpan.FromMicroseconds(10), TimeSpan.FromMicroseconds(100), TimeSpan.FromMicroseconds(500), TimeSpan.FromMilliseconds(2)];

    public static Climate Draw(Rng rng) => new(
        rng.Pick(s_stepCosts),
        0.02 + (0.18 * rng.Unit()),
        rng.Between(TimeSpan.FromMicroseconds(50), TimeSpan.FromMilliseconds(4)));
}
