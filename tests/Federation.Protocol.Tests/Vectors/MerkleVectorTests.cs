using System.Buffers.Binary;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.Protocol.Tests.Infrastructure;
using static Federation.Protocol.Tests.Infrastructure.GoldenVectors;

namespace Federation.Protocol.Tests.Vectors;

public class MerkleVectorTests
{
    private static readonly Digest[] Leaves = [.. Enumerable.Range(0, 300).Select(LeafHash)];

    [Fact]
    public void Compact_ranges_are_the_golden_bytes()
    {
        foreach (var golden in Read<RangeCase>("compact_range"))
        {
            var range = new CompactRange();
            foreach (var leaf in Leaves[..golden.Size])
                range.Append(leaf);
            Assert.Equal(golden.Hashes, Convert.ToHexStringLower(range.Encode()));
            Assert.Equal(golden.Root, range.Root().ToString());
            Assert.Equal(golden.Root, CompactRange.Decode((ulong)golden.Size, Hex(golden.Hashes)).Root().ToString());
        }
    }

    [Fact]
    public void Inclusion_proofs_are_the_golden_ones()
    {
        foreach (var golden in Read<InclusionCase>("inclusion_proof"))
        {
            var proof = InclusionProof.Build((ulong)golden.Index, (ulong)golden.Size, ReferenceTree.Subtrees(Leaves[..golden.Size]));
            Assert.Equal(golden.Proof, proof.Select(hash => hash.ToString()));
            var root = ReferenceTree.Root(Leaves.AsSpan(0, golden.Size));
            Assert.True(InclusionProof.Verify((ulong)golden.Index, (ulong)golden.Size, Leaves[golden.Index], root, proof));
        }
    }

    [Fact]
    public void Consistency_proofs_are_the_golden_ones()
    {
        foreach (var golden in Read<ConsistencyCase>("consistency_proof"))
        {
            var proof = ConsistencyProof.Build((ulong)golden.OldSize, (ulong)golden.NewSize, ReferenceTree.Subtrees(Leaves[..golden.NewSize]));
            Assert.Equal(golden.Proof, proof.Select(hash => hash.ToString()));
            var oldRoot = ReferenceTree.Root(Leaves.AsSpan(0, golden.OldSize));
            var newRoot = ReferenceTree.Root(Leaves.AsSpan(0, golden.NewSize));
            Assert.True(ConsistencyProof.Verify((ulong)golden.OldSize, (ulong)golden.NewSize, oldRoot, newRoot, proof));
        }
    }

    [Fact]
    public void Covered_stretches_fold_to_the_golden_roots()
    {
        foreach (var golden in Read<CoverCase>("subtree_cover"))
        {
            var range = new CompactRange();
            foreach (var leaf in Leaves[..golden.Start])
                range.Append(leaf);
            foreach (var subtree in golden.Cover)
                range.AppendSubtree(subtree.Level, Digest.Read(Hex(subtree.Hash)));
            Assert.Equal((ulong)golden.End, range.Size);
            Assert.Equal(ReferenceTree.Root(Leaves.AsSpan(0, golden.End)), range.Root());
        }
    }

    private static Digest LeafHash(int number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return MerkleHash.Leaf(bytes);
    }

    private sealed record RangeCase(int Size, string Hashes, string Root);

    private sealed record CoverCase(int Start, int End, List<CoverSubtree> Cover);

    private sealed record CoverSubtree(int Level, string Hash);

    private sealed record InclusionCase(int Index, int Size, List<string> Proof);

    private sealed record ConsistencyCase(int OldSize, int NewSize, List<string> Proof);
}
