namespace Federation.Simulation.World;

/// <summary>The clock of one node life: virtual, monotonic, and off by the node's skew in wall time.</summary>
internal sealed class NodeTime(NodeLife life) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => SimWorld.Origin + life.World.Now + life.Node.Skew;

    public override long GetTimestamp() => life.World.Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        life.World.Enter(life, "TimeProvider.CreateTimer");
        return new SimTimer(life, callback, state, dueTime, period);
    }
}
