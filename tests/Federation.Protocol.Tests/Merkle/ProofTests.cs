using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.Protocol.Tests.Infrastructure;

namespace Federation.Protocol.Tests.Merkle;

public class ProofTests
{
    private const int MaxSize = 130;
    private static readonly Digest[] Leaves = ReferenceTree.Leaves(MaxSize);
    private static readonly Digest[] Roots = [.. Enumerable.Range(0, MaxSize + 1).Select(size => ReferenceTree.Root(Leaves.AsSpan(0, size)))];

    [Fact]
    public void Inclusion_proofs_equal_those_of_RFC_6962_and_verify_at_every_size()
    {
        for (var size = 1; size <= MaxSize; size++)
        {
            var subtrees = ReferenceTree.Subtrees(Leaves[..size]);
            for (var index = 0; index < size; index++)
            {
                var proof = InclusionProof.Build((ulong)index, (ulong)size, subtrees);
                Assert.Equal(ReferenceTree.Path(index, Leaves.AsSpan(0, size)), proof);
                Assert.True(InclusionProof.Verify((ulong)index, (ulong)size, Leaves[index], Roots[size], proof));
            }
        }
    }

    [Fact]
    public void An_inclusion_proof_fits_no_other_index_size_leaf_or_root()
    {
        for (var size = 1; size <= 40; size++)
        {
            for (var index = 0; index < size; index++)
            {
                var proof = ReferenceTree.Path(index, Leaves.AsSpan(0, size));
                for (var other = 0; other < 40; other++)
                {
                    if (other != index)
                        Assert.False(InclusionProof.Verify((ulong)other, (ulong)size, Leaves[index], Roots[size], proof));
                    if (other != index)
                        Assert.False(InclusionProof.Verify((ulong)index, (ulong)size, Leaves[other], Roots[size], proof));
                    if (other != size)
                        Assert.False(InclusionProof.Verify((ulong)index, (ulong)size, Leaves[index], Roots[other], proof));
                }
                AssertRefusesChanges(proof, changed => InclusionProof.Verify((ulong)index, (ulong)size, Leaves[index], Roots[size], changed));
            }
        }
    }

    [Fact]
    public void Consistency_proofs_equal_those_of_RFC_6962_and_verify_for_every_pair_of_sizes()
    {
        for (var newSize = 1; newSize <= MaxSize; newSize++)
        {
            var subtrees = ReferenceTree.Subtrees(Leaves[..newSize]);
            for (var oldSize = 1; oldSize <= newSize; oldSize++)
            {
                var proof = ConsistencyProof.Build((ulong)oldSize, (ulong)newSize, subtrees);
                Assert.Equal(ReferenceTree.Proof(oldSize, Leaves.AsSpan(0, newSize)), proof);
                Assert.True(ConsistencyProof.Verify((ulong)oldSize, (ulong)newSize, Roots[oldSize], Roots[newSize], proof));
            }
        }
    }

    [Fact]
    public void A_consistency_proof_fits_no_other_root_and_no_changed_hash()
    {
        for (var newSize = 1; newSize <= 40; newSize++)
        {
            for (var oldSize = 1; oldSize <= newSize; oldSize++)
            {
                var proof = ReferenceTree.Proof(oldSize, Leaves.AsSpan(0, newSize));
                for (var other = 0; other <= 40; other++)
                {
                    if (other != oldSize)
                        Assert.False(ConsistencyProof.Verify((ulong)oldSize, (ulong)newSize, Roots[other], Roots[newSize], proof));
                    if (other != newSize)
                        Assert.False(ConsistencyProof.Verify((ulong)oldSize, (ulong)newSize, Roots[oldSize], Roots[other], proof));
                }
                AssertRefusesChanges(
                    proof, changed => ConsistencyProof.Verify((ulong)oldSize, (ulong)newSize, Roots[oldSize], Roots[newSize], changed));
            }
        }
    }

    [Fact]
    public void The_empty_tree_is_a_prefix_of_every_tree_without_any_proof()
    {
        Assert.Empty(ConsistencyProof.Build(0, 7, ReferenceTree.Subtrees(Leaves)));
        Assert.True(ConsistencyProof.Verify(0, 7, MerkleHash.EmptyRoot, Roots[7], []));
        Assert.True(ConsistencyProof.Verify(0, 0, MerkleHash.EmptyRoot, MerkleHash.EmptyRoot, []));
        Assert.False(ConsistencyProof.Verify(0, 7, Roots[1], Roots[7], []));
        Assert.False(ConsistencyProof.Verify(0, 7, MerkleHash.EmptyRoot, Roots[7], [Leaves[0]]));
        Assert.False(ConsistencyProof.Verify(0, 0, MerkleHash.EmptyRoot, Roots[1], []));
    }

    [Fact]
    public void A_proof_in_a_larger_tree_is_not_one_in_a_smaller_tree_of_the_same_shape_below()
    {
        Assert.False(InclusionProof.Verify(0, 1, Leaves[1], Roots[2], [Leaves[0]]));
        Assert.False(InclusionProof.Verify(3, 4, Leaves[7], Roots[8], ReferenceTree.Path(7, Leaves.AsSpan(0, 8))));
        Assert.False(ConsistencyProof.Verify(3, 4, Roots[7], Roots[8], ReferenceTree.Proof(7, Leaves.AsSpan(0, 8))));
    }

    [Fact]
    public void A_shrinking_tree_and_an_index_outside_are_refused()
    {
        Assert.False(ConsistencyProof.Verify(8, 7, Roots[8], Roots[7], []));
        Assert.False(InclusionProof.Verify(7, 7, Leaves[0], Roots[7], []));
        Assert.False(InclusionProof.Verify(0, 0, Leaves[0], MerkleHash.EmptyRoot, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConsistencyProof.Build(8, 7, ReferenceTree.Subtrees(Leaves)));
        Assert.Throws<ArgumentOutOfRangeException>(() => InclusionProof.Build(7, 7, ReferenceTree.Subtrees(Leaves)));
    }

    [Theory]
    [InlineData(1UL, ulong.MaxValue)]
    [InlineData(1UL << 63, ulong.MaxValue)]
    [InlineData(ulong.MaxValue - 1, ulong.MaxValue)]
    public void Sizes_near_the_end_of_the_range_of_numbers_neither_throw_nor_verify(ulong oldSize, ulong newSize)
    {
        for (var count = 0; count <= 130; count++)
        {
            var proof = Leaves[..count];
            Assert.False(ConsistencyProof.Verify(oldSize, newSize, Roots[1], Roots[2], proof));
            Assert.False(InclusionProof.Verify(oldSize, newSize, Leaves[0], Roots[2], proof));
        }
    }

    private static void AssertRefusesChanges(List<Digest> proof, Func<IReadOnlyList<Digest>, bool> verify)
    {
        Assert.False(verify([.. proof, Leaves[0]]), "A hash was appended.");
        Assert.False(verify([Leaves[0], .. proof]), "A hash was put in front.");
        for (var i = 0; i < proof.Count; i++)
        {
            Assert.False(verify([.. proof[..i], .. proof[(i + 1)..]]), "A hash was left out.");
            var bytes = proof[i].ToBytes();
            bytes[i % Digest.SizeBytes] ^= 0x10;
            Assert.False(verify([.. proof[..i], Digest.Read(bytes), .. proof[(i + 1)..]]), "A bit was flipped.");
        }
    }
}
