using Federation.Protocol.Merkle;
using Federation.Protocol.Records;

namespace Federation.Protocol.Tests.Merkle;

public class InclusionBuilderTests
{
    [Fact]
    public void A_proof_is_built_from_whatever_pieces_leave_the_leaf_alone()
    {
        var random = new Random(4);
        for (var size = 1; size <= 150; size++)
        {
            var leaves = Enumerable.Range(0, size).Select(i => Digest.Sha256([(byte)i, (byte)(i >> 8)])).ToList();
            var range = new CompactRange();
            leaves.ForEach(leaf => range.Append(leaf));
            foreach (var index in new[] { 0, size - 1, random.Next(size), random.Next(size) })
            {
                var builder = new InclusionBuilder((ulong)index, (ulong)size);
                for (var at = 0; at < size;)
                {
                    var level = LevelAt(at, index, size, random);
                    builder.Add((ulong)at, level, RootOf(leaves, at, 1 << level));
                    at += 1 << level;
                }

                var proof = builder.Build();
                Assert.NotNull(proof);
                Assert.True(InclusionProof.Verify((ulong)index, (ulong)size, leaves[index], range.Root(), proof));
            }
        }
    }

    [Fact]
    public void Without_all_pieces_there_is_no_proof()
    {
        var builder = new InclusionBuilder(2, 5);
        builder.Add(0, 1, Digest.Sha256("the first two"u8));
        builder.Add(2, 0, Digest.Sha256("the leaf"u8));
        builder.Add(3, 0, Digest.Sha256("the fourth"u8));

        Assert.Null(builder.Build());
    }

    // The largest, or a random smaller one, that is aligned, ends within the tree and does not hide the leaf.
    private static int LevelAt(int at, int index, int size, Random random)
    {
        var level = 0;
        while ((at & ((1 << (level + 1)) - 1)) == 0 && at + (1 << (level + 1)) <= size && !(index >= at && index < at + (1 << (level + 1))) && random.Next(4) > 0)
            level++;
        return level;
    }

    private static Digest RootOf(List<Digest> leaves, int from, int count) => count == 1
        ? leaves[from]
        : MerkleHash.Node(RootOf(leaves, from, count / 2), RootOf(leaves, from + (count / 2), count / 2));
}
