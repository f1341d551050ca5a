using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.Protocol.Tests.Infrastructure;

namespace Federation.Protocol.Tests.Merkle;

public class SubtreeFoldTests
{
    private static readonly Digest[] Leaves = [.. Enumerable.Range(0, 300).Select(i => MerkleHash.Leaf([(byte)i, (byte)(i >> 8)]))];

    [Theory]
    [InlineData(0, 300)]
    [InlineData(0, 1)]
    [InlineData(4, 300)]
    [InlineData(256, 300)]
    [InlineData(7, 21)]
    public void Every_perfect_subtree_within_the_stretch_is_told_once(int start, int end)
    {
        var told = new Dictionary<(int Level, ulong Index), Digest>();
        var fold = new SubtreeFold((ulong)start, (level, index, hash) => told.Add((level, index), hash));

        foreach (var leaf in Leaves[start..end])
            fold.Append(0, leaf);

        Assert.Equal((ulong)end, fold.Position);
        var expected =
            from level in Enumerable.Range(0, 9)
            from index in Enumerable.Range(0, 300)
            let first = index << level
            where first >= start && first + (1 << level) <= end
            select ((level, (ulong)index), ReferenceTree.Root(Leaves.AsSpan(first, 1 << level)));
        Assert.Equal(expected.OrderBy(e => e.Item1), told.Select(t => (t.Key, t.Value)).OrderBy(t => t.Key));
    }

    [Fact]
    public void Subtrees_that_are_known_by_their_hash_alone_complete_larger_ones()
    {
        var told = new Dictionary<(int Level, ulong Index), Digest>();
        var fold = new SubtreeFold(0, (level, index, hash) => told.Add((level, index), hash));

        fold.Append(7, ReferenceTree.Root(Leaves.AsSpan(0, 128)));
        foreach (var leaf in Leaves[128..256])
            fold.Append(0, leaf);

        Assert.Equal(ReferenceTree.Root(Leaves.AsSpan(0, 256)), told[(8, 0)]);
        Assert.False(told.ContainsKey((0, 0)));
    }

    [Fact]
    public void A_subtree_stands_only_where_it_is_aligned()
    {
        var fold = new SubtreeFold(2, (_, _, _) => { });

        Assert.Throws<ArgumentOutOfRangeException>(() => fold.Append(2, Leaves[0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => fold.Append(-1, Leaves[0]));
        fold.Append(1, Leaves[0]);
        Assert.Equal(4UL, fold.Position);
    }
}
