namespace Federation.Simulation.World;

public sealed class RngTests
{
    [Fact]
    public void The_stream_is_that_of_the_published_algorithm()
    {
        var rng = new Rng(1234567);
        ulong[] published = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431];

        Assert.Equal(published, published.Select(_ => rng.Next()));
    }

    [Fact]
    public void Draws_stay_within_their_bounds_and_reach_them()
    {
        var rng = new Rng(7);
        var below = Enumerable.Range(0, 1000).Select(_ => rng.Below(3)).ToHashSet();
        var between = Enumerable.Range(0, 1000).Select(_ => rng.Between(-1, 1)).ToHashSet();

        Assert.Equal([0, 1, 2], below.Order());
        Assert.Equal([-1L, 0L, 1L], between.Order());
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.InRange(rng.Unit(), 0, 1 - double.Epsilon));
    }

    [Fact]
    public void A_fork_depends_on_its_salt_and_leaves_its_parent_alone()
    {
        var (forked, untouched) = (new Rng(5), new Rng(5));
        var (one, again, other) = (forked.Fork(1).Next(), forked.Fork(1).Next(), forked.Fork(2).Next());

        Assert.Equal(one, again);
        Assert.NotEqual(one, other);
        Assert.Equal(untouched.Next(), forked.Next());
    }

    [Fact]
    public void Bytes_of_equal_streams_are_equal_however_they_are_taken()
    {
        var (whole, parts) = (new DeterministicBytes(new Rng(3)), new DeterministicBytes(new Rng(3)));

        byte[] joined = [.. parts.Take(8), .. parts.Take(16)];

        Assert.Equal(whole.Take(24), joined);
    }
}
