namespace Federation.Node.Tests.Infrastructure;

/// <summary>A clock of a machine whose wall clock can be set, while its monotonic clock only ever goes on.</summary>
internal sealed class JumpingTime(DateTimeOffset start) : TimeProvider
{
    private TimeSpan elapsed;
    private TimeSpan jumped;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public long WallMs => GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The time that no jump touches.</summary>
    public long TrueMs => (start + elapsed).ToUnixTimeMilliseconds();

    public override DateTimeOffset GetUtcNow() => start + elapsed + jumped;

    public override long GetTimestamp() => elapsed.Ticks;

    /// <summary>Time passes by both clocks.</summary>
    public void Pass(TimeSpan span) => elapsed += span;

    /// <summary>The wall clock is set.</summary>
    public void Jump(TimeSpan span) => jumped += span;
}
