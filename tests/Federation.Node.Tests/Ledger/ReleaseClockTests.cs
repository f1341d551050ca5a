using Federation.Node.Ledger;
using Federation.Node.Tests.Infrastructure;
using Xunit;

namespace Federation.Node.Tests.Ledger;

/// <summary>I11: the clock by which embargoes end, under starts, jumps and liars. A clock at 0 releases nothing.</summary>
public sealed class ReleaseClockTests
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly JumpingTime time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_760_000_000_000));
    private readonly ReleaseClock clock;

    public ReleaseClockTests() => clock = new ReleaseClock(time);

    [Fact]
    public void I11_nothing_is_released_after_a_start_without_two_fresh_heads()
    {
        Assert.Equal(0, clock.NowMs);
        clock.Hear(1, time.TrueMs);
        clock.Hear(1, time.TrueMs);
        time.Pass(Hour);
        clock.Hear(1, time.TrueMs);
        Assert.Equal(0, clock.NowMs);
        Assert.False(clock.Trusted.IsCompleted);
        Assert.False(clock.Read().Trusted);
    }

    [Fact]
    public void I11_two_fresh_heads_that_agree_with_the_wall_clock_make_it_count()
    {
        clock.Hear(1, time.TrueMs);
        clock.Hear(2, time.TrueMs - 3000);
        Assert.Equal(time.WallMs, clock.NowMs);
        Assert.True(clock.Trusted.IsCompleted);
        Assert.Equal((true, false), (clock.Read().Trusted, clock.Read().Consented));
        time.Pass(Hour);
        Assert.Equal(time.WallMs, clock.NowMs);
    }

    [Fact]
    public void I11_heads_may_differ_from_the_wall_clock_by_five_minutes_and_no_more()
    {
        time.Jump(ReleaseClock.Tolerance + Millisecond);
        Assert.False(IsVouchedBy(time.TrueMs, time.TrueMs));
        time.Jump(-Millisecond);
        Assert.True(IsVouchedBy(time.TrueMs, time.TrueMs));
    }

    [Fact]
    public void I11_a_wall_clock_that_is_late_is_not_trusted_either()
    {
        time.Jump(-ReleaseClock.Tolerance - Millisecond);
        Assert.False(IsVouchedBy(time.TrueMs, time.TrueMs));
        time.Jump(Millisecond);
        Assert.True(IsVouchedBy(time.TrueMs, time.TrueMs));
    }

    [Fact]
    public void I11_of_two_heads_the_lower_counts_so_that_one_liar_does_not_make_an_early_clock_look_right()
    {
        time.Jump(Hour);
        Assert.False(IsVouchedBy(time.TrueMs, time.WallMs));
        Assert.False(IsVouchedBy(time.WallMs, time.TrueMs));
    }

    [Fact]
    public void I11_of_four_heads_the_lower_of_the_middle_ones_counts()
    {
        time.Jump(Hour);
        Assert.False(IsVouchedBy(time.TrueMs, time.TrueMs, time.WallMs, time.WallMs));
        Assert.True(IsVouchedBy(time.TrueMs, time.WallMs, time.WallMs, time.WallMs));
    }

    [Fact]
    public void I11_one_liar_among_three_neither_releases_nor_keeps_a_right_clock_from_it()
    {
        time.Jump(Hour);
        Assert.False(IsVouchedBy(time.TrueMs, time.TrueMs, time.WallMs));
        time.Jump(-Hour);
        Assert.True(IsVouchedBy(time.TrueMs, time.TrueMs, time.TrueMs + (long)Hour.TotalMilliseconds));
        Assert.True(IsVouchedBy(time.TrueMs, time.TrueMs, 0));
    }

    [Fact]
    public void I11_a_liar_that_is_heard_again_and_again_stays_one_witness()
    {
        time.Jump(Hour);
        for (var i = 0; i < 10; i++)
            clock.Hear(1, time.WallMs);
        clock.Hear(2, time.TrueMs);
        Assert.Equal(0, clock.NowMs);
    }

    [Fact]
    public void I11_a_head_of_more_than_two_minutes_ago_does_not_count()
    {
        clock.Hear(1, time.TrueMs);
        time.Pass(TimeSpan.FromMinutes(2) + Millisecond);
        clock.Hear(2, time.TrueMs);
        Assert.Equal(0, clock.NowMs);

        time.Pass(TimeSpan.FromMinutes(2));
        clock.Hear(1, time.TrueMs);
        Assert.Equal(time.WallMs, clock.NowMs);
    }

    [Fact]
    public void I11_a_head_is_as_much_later_as_time_has_passed_since_it_was_heard()
    {
        // Heard 110 seconds ago, and then just within the tolerance.
        time.Jump(ReleaseClock.Tolerance);
        clock.Hear(1, time.TrueMs);
        time.Pass(TimeSpan.FromSeconds(110));
        clock.Hear(2, time.TrueMs);
        Assert.Equal(time.WallMs, clock.NowMs);
    }

    [Fact]
    public void I11_an_operator_may_consent()
    {
        clock.Confirm();
        Assert.Equal(time.WallMs, clock.NowMs);
        Assert.True(clock.Trusted.IsCompleted);
        Assert.Equal((true, true), (clock.Read().Trusted, clock.Read().Consented));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void I11_a_jump_forward_after_trust_releases_nothing_early(bool consented)
    {
        Trust(consented);
        var trusted = time.TrueMs;
        time.Jump(365 * 24 * Hour);
        Assert.Equal(trusted, clock.NowMs);
        time.Pass(Hour);
        Assert.Equal(time.TrueMs, clock.NowMs);

        // Partners that go on telling the true time do not vouch for what the wall clock says now.
        clock.Hear(1, time.TrueMs);
        clock.Hear(2, time.TrueMs);
        Assert.Equal(time.TrueMs, clock.NowMs);
    }

    [Fact]
    public void I11_a_jump_back_delays_and_takes_back_nothing()
    {
        Trust(consented: true);
        time.Pass(Hour);
        var given = clock.NowMs;
        time.Jump(-2 * Hour);
        Assert.Equal(given, clock.NowMs);
        time.Pass(Hour);
        Assert.Equal(given, clock.NowMs);
        time.Pass(Hour + Hour);
        Assert.Equal(time.WallMs, clock.NowMs);
        Assert.Equal(given + (long)Hour.TotalMilliseconds, clock.NowMs);
    }

    [Fact]
    public void I11_many_small_jumps_forward_add_up_to_nothing()
    {
        Trust(consented: false);
        for (var i = 0; i < 100; i++)
        {
            time.Jump(TimeSpan.FromMinutes(4));
            time.Pass(TimeSpan.FromSeconds(30));
            clock.Hear(1, time.TrueMs);
            clock.Hear(2, time.TrueMs);
            // Each time they vouch for a wall clock within the tolerance, and never for more.
            Assert.InRange(clock.NowMs, 0, time.TrueMs + (long)ReleaseClock.Tolerance.TotalMilliseconds);
        }
    }

    [Fact]
    public void Witnesses_are_told_with_how_far_they_are_ahead_and_how_long_ago_they_were_heard()
    {
        clock.Hear(7, time.TrueMs + 2000);
        time.Pass(TimeSpan.FromSeconds(30));
        Assert.Equal((7, 2000L, 30_000L), Assert.Single(clock.Read().Witnesses));
    }

    // Whether a clock that has just started is trusted once partners with these times were heard.
    private bool IsVouchedBy(params long[] heads)
    {
        var started = new ReleaseClock(time);
        for (var i = 0; i < heads.Length; i++)
            started.Hear(i + 1, heads[i]);
        Assert.Equal(started.Read().Trusted ? time.WallMs : 0, started.NowMs);
        return started.Read().Trusted;
    }

    private void Trust(bool consented)
    {
        if (consented)
        {
            clock.Confirm();
            return;
        }

        clock.Hear(1, time.TrueMs);
        clock.Hear(2, time.TrueMs);
    }
}
