using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.Protocol.Tests.Infrastructure;

namespace Federation.Protocol.Tests.Merkle;

/// <summary>Covers of unshown stretches against brute force: they fit, none is smaller, and folding them gives the tree's root (I18).</summary>
public sealed class SubtreeCoverTests
{
    private const int Largest = 300;

    [Fact]
    public void A_cover_fills_its_stretch_with_the_fewest_aligned_subtrees_for_all_sizes_up_to_300()
    {
        for (ulong to = 0; to <= Largest; to++)
        {
            // The fewest subtrees from each start, computed from the end: nothing is shared with the code under test.
            var fewest = new int[to + 1];
            for (var from = (long)to - 1; from >= 0; from--)
            {
                fewest[from] = int.MaxValue;
                for (var level = 0; from % (1L << level) == 0 && from + (1L << level) <= (long)to; level++)
                    fewest[from] = Math.Min(fewest[from], 1 + fewest[from + (1L << level)]);
            }

            for (ulong from = 0; from <= to; from++)
            {
                var next = from;
                var count = 0;
                foreach (var (level, index) in SubtreeCover.Of(from, to))
                {
                    Assert.Equal(next, index << level);
                    next += 1UL << level;
                    count++;
                }

                Assert.Equal(to, next);
                Assert.Equal(fewest[from], count);
            }
        }
    }

    [Fact]
    public void Sparse_equals_dense_whatever_is_skipped_and_however_it_is_cut_in_3000_random_trees_I18()
    {
        var random = new Random(20_261);
        for (var i = 0; i < 3000; i++)
        {
            var size = random.Next(1, 700);
            var leaves = Leaves(size, i);
            var shown = Enumerable.Range(0, size).Where(_ => random.Next(100) < i % 100).ToHashSet();
            var range = new CompactRange();
            for (var cursor = random.Next(size); range.Size < (ulong)cursor;)
                range.Append(leaves[(int)range.Size]);
            while (range.Size < (ulong)size)
            {
                // A batch ends anywhere, within a gap too, at a root of its own.
                var end = random.Next((int)range.Size + 1, size + 1);
                Fold(range, leaves, shown, end);
                Assert.Equal(ReferenceTree.Root(leaves.AsSpan(0, end)), range.Root());
            }
        }
    }

    [Fact]
    public void A_subtree_opens_at_each_of_its_leaves_with_the_path_up_and_not_with_another()
    {
        for (var size = 1; size <= Largest; size++)
        {
            var leaves = Leaves(size, size);
            foreach (var (level, index) in SubtreeCover.Of(0, (ulong)size))
            {
                var first = index << level;
                var hash = Subtree(leaves, level, index);
                for (var leaf = first; leaf < first + (1UL << level); leaf += 1 + ((1UL << level) / 7))
                {
                    var path = InclusionProof.Build(leaf, (ulong)size, (l, x) => Subtree(leaves, l, x));
                    var pieces = SubtreeSplit.Open(first, level, hash, leaf, leaves[(int)leaf], path);
                    Assert.NotNull(pieces);
                    AssertPieces(pieces, leaves, first, level);
                    Assert.Null(SubtreeSplit.Open(first, level, hash, leaf, Digest.Sha256("another"u8), path));
                    if (level > 0)
                        Assert.Null(SubtreeSplit.Open(first, level, hash, leaf, leaves[(int)leaf], [.. path.Take(level - 1)]));
                    Assert.Null(SubtreeSplit.Open(first, level, hash, first + (1UL << level), leaves[(int)leaf], path));
                }
            }
        }
    }

    [Fact]
    public void The_largest_stretch_is_covered_and_a_reversed_one_or_one_of_2_to_the_63_is_refused()
    {
        Assert.Equal(2 * 62, SubtreeCover.Of(1, long.MaxValue).Count());
        Assert.Empty(SubtreeCover.Of(7, 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => SubtreeCover.Of(8, 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => SubtreeCover.Of(0, 1UL << 63));
    }

    private static void Fold(CompactRange range, Digest[] leaves, HashSet<int> shown, int end)
    {
        while (range.Size < (ulong)end)
        {
            var next = (int)range.Size;
            while (next < end && !shown.Contains(next))
                next++;
            foreach (var (level, index) in SubtreeCover.Of(range.Size, (ulong)next))
                range.AppendSubtree(level, Subtree(leaves, level, index));
            if (next < end)
                range.Append(leaves[next]);
        }
    }

    private static void AssertPieces(List<(ulong First, int Level, Digest Hash)> pieces, Digest[] leaves, ulong first, int level)
    {
        Assert.Equal(level + 1, pieces.Count);
        foreach (var piece in pieces)
        {
            Assert.Equal(first, piece.First);
            Assert.Equal(Subtree(leaves, piece.Level, piece.First >> piece.Level), piece.Hash);
            first += 1UL << piece.Level;
        }
    }

    private static Digest Subtree(Digest[] leaves, int level, ulong index) =>
        ReferenceTree.Root(leaves.AsSpan((int)(index << level), 1 << level));

    private static Digest[] Leaves(int size, int seed) => [.. Enumerable.Range(0, size).Select(i => Digest.Sha256(BitConverter.GetBytes(((long)seed << 32) + i)))];
}
