using Federation.Protocol.Records;

namespace Federation.Protocol.Merkle;

/// <summary>Proves that one leaf is in a tree (RFC 6962 section 2.1.1, verified as in RFC 9162 section 2.1.3.2).</summary>
public static class InclusionProof
{
    /// <summary>Builds the audit path of a leaf, from the leaf's sibling up.</summary>
    /// <param name="index">The leaf's index.</param>
    /// <param name="size">The number of leaves of the tree, above <paramref name="index"/>.</param>
    /// <param name="perfectSubtree">Answers the hash of the perfect subtree at (level, index); it is asked only for subtrees that are full.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is not below the size.</exception>
    public static List<Digest> Build(ulong index, ulong size, Func<int, ulong, Digest> perfectSubtree)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = new List<Digest>();
        ulong start = 0;
        var end = size;
        while (end - start > 1)
        {
            var middle = start + SubtreeHash.Split(end - start);
            if (index < middle)
            {
                path.Add(SubtreeHash.Range(middle, end, perfectSubtree));
                end = middle;
            }
            else
            {
                path.Add(SubtreeHash.Range(start, middle, perfectSubtree));
                start = middle;
            }
        }
        path.Reverse();
        return path;
    }

    /// <summary>Whether <paramref name="proof"/> leads from the leaf to exactly this root. Never throws, whatever the proof.</summary>
    public static bool Verify(ulong index, ulong size, Digest leafHash, Digest root, IReadOnlyList<Digest> proof)
    {
        if (index >= size)
            return false;
        // node and last are the indices, at the level reached, of the path's node and of the tree's last node.
        var node = index;
        var last = size - 1;
        var hash = leafHash;
        for (var i = 0; i < proof.Count; i++)
        {
            if (last == 0)
                return false;
            if ((node & 1) == 1 || node == last)
            {
                hash = MerkleHash.Node(proof[i], hash);
                // The last node of an odd level moves up unpaired.
                for (; (node & 1) == 0 && node != 0; node >>= 1)
                    last >>= 1;
            }
            else
            {
                hash = MerkleHash.Node(hash, proof[i]);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && hash == root;
    }
}
