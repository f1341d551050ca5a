using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.Protocol.Tests.Infrastructure;

namespace Federation.Protocol.Tests.Merkle;

public class CompactRangeTests
{
    private static readonly Digest[] Leaves = ReferenceTree.Leaves(130);

    [Fact]
    public void The_root_equals_that_of_RFC_6962_at_every_size()
    {
        var range = new CompactRange();
        Assert.Equal(ReferenceTree.Root([]), range.Root());
        for (var size = 1; size <= Leaves.Length; size++)
        {
            range.Append(Leaves[size - 1]);
            Assert.Equal((ulong)size, range.Size);
            Assert.Equal(ReferenceTree.Root(Leaves.AsSpan(0, size)), range.Root());
            Assert.Equal(int.PopCount(size), range.Hashes.Length);
        }
    }

    [Fact]
    public void A_decoded_range_continues_where_the_encoded_one_stood()
    {
        var range = new CompactRange();
        for (var size = 0; size < Leaves.Length; size++)
        {
            var copy = CompactRange.Decode(range.Size, range.Encode());
            Assert.Equal(range.Root(), copy.Root());
            copy.Append(Leaves[size]);
            Assert.Equal((ulong)size, range.Size);
            range.Append(Leaves[size]);
            Assert.Equal(range.Root(), copy.Root());
            Assert.Equal(range.Encode(), copy.Encode());
        }
    }

    [Fact]
    public void A_clone_changes_on_its_own()
    {
        var range = new CompactRange();
        range.Append(Leaves[0]);
        var root = range.Root();
        var clone = range.Clone();
        clone.Append(Leaves[1]);
        Assert.Equal(root, range.Root());
        Assert.Equal(2UL, clone.Size);
    }

    [Fact]
    public void Every_cover_by_subtrees_leads_to_the_same_root()
    {
        // At each size either the next leaf or the largest subtree that fits is taken, as the bits of a pattern say.
        for (var pattern = 0; pattern < 512; pattern++)
        {
            var range = new CompactRange();
            var step = 0;
            while (range.Size < (ulong)Leaves.Length)
            {
                var level = 0;
                if ((pattern >> (step++ % 9) & 1) != 0)
                {
                    while (range.CanAppendSubtree(level + 1) && range.Size + (2UL << level) <= (ulong)Leaves.Length)
                        level++;
                }
                range.AppendSubtree(level, ReferenceTree.Root(Leaves.AsSpan((int)range.Size, 1 << level)));
            }
            Assert.Equal(ReferenceTree.Root(Leaves), range.Root());
        }
    }

    [Fact]
    public void A_subtree_is_appended_only_where_it_is_aligned()
    {
        var range = new CompactRange();
        for (var size = 0; size < 64; size++)
        {
            for (var level = 0; level <= 7; level++)
            {
                var isAligned = size % (1 << level) == 0;
                Assert.Equal(isAligned, range.CanAppendSubtree(level));
                if (!isAligned)
                    Assert.Throws<ArgumentOutOfRangeException>(() => range.AppendSubtree(level, Leaves[0]));
            }
            range.Append(Leaves[size]);
        }
        Assert.False(range.CanAppendSubtree(-1));
        Assert.False(range.CanAppendSubtree(63));
    }

    [Fact]
    public void A_tree_stays_below_two_to_the_63()
    {
        var range = new CompactRange();
        for (var level = 62; level >= 0; level--)
        {
            Assert.True(range.CanAppendSubtree(level));
            range.AppendSubtree(level, Leaves[level]);
        }
        Assert.Equal((ulong)long.MaxValue, range.Size);
        Assert.False(range.CanAppendSubtree(0));
        Assert.Throws<InvalidOperationException>(() => range.Append(Leaves[0]));
        Assert.Equal(range.Root(), CompactRange.Decode(range.Size, range.Encode()).Root());
    }

    [Theory]
    [InlineData(5UL, 32)]
    [InlineData(5UL, 96)]
    [InlineData(0UL, 32)]
    [InlineData(1UL, 31)]
    [InlineData(1UL << 63, 32)]
    public void Bytes_that_do_not_fit_the_size_are_refused(ulong size, int length)
    {
        Assert.Throws<ArgumentException>(() => CompactRange.Decode(size, new byte[length]));
    }

    [Fact]
    public void Appending_reports_exactly_the_hashes_that_tiles_store()
    {
        const int size = 600;
        var leaves = ReferenceTree.Leaves(size);
        var reported = new List<(int Level, ulong Index, Digest Hash)>();
        var range = new CompactRange();
        foreach (var leaf in leaves)
            range.Append(leaf, (level, index, hash) => reported.Add((level, index, hash)));
        Assert.Equal(leaves, reported.Where(hash => hash.Level == 0).OrderBy(hash => hash.Index).Select(hash => hash.Hash));
        Assert.Equal(
            [(1, 0UL, ReferenceTree.Root(leaves.AsSpan(0, 256))), (1, 1UL, ReferenceTree.Root(leaves.AsSpan(256, 256)))],
            reported.Where(hash => hash.Level != 0));
    }
}
