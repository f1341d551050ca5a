using System.Numerics;
using Federation.Protocol.Records;

namespace Federation.Protocol.Merkle;

/// <summary>Proves that an older tree is a prefix of a newer one (RFC 6962 section 2.1.2, verified as in RFC 9162 section 2.1.4.2).</summary>
public static class ConsistencyProof
{
    /// <summary>Builds the proof; it is empty when the older tree is empty or the sizes are equal.</summary>
    /// <param name="oldSize">The number of leaves of the older tree.</param>
    /// <param name="newSize">The number of leaves of the newer tree, not below <paramref name="oldSize"/>.</param>
    /// <param name="perfectSubtree">Answers the hash of the perfect subtree at (level, index); it is asked only for subtrees that are full.</param>
    /// <exception cref="ArgumentOutOfRangeException">The older tree is larger.</exception>
    public static List<Digest> Build(ulong oldSize, ulong newSize, Func<int, ulong, Digest> perfectSubtree)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, newSize);
        var proof = new List<Digest>();
        if (oldSize == 0 || oldSize == newSize)
            return proof;
        ulong start = 0;
        var end = newSize;
        while (oldSize != end)
        {
            var middle = start + SubtreeHash.Split(end - start);
            if (oldSize <= middle)
            {
                proof.Add(SubtreeHash.Range(middle, end, perfectSubtree));
                end = middle;
            }
            else
            {
                proof.Add(SubtreeHash.Range(start, middle, perfectSubtree));
                start = middle;
            }
        }
        // At start 0 the remaining subtree is the whole older tree, whose root the verifier has.
        if (start != 0)
            proof.Add(SubtreeHash.Range(start, end, perfectSubtree));
        proof.Reverse();
        return proof;
    }

    /// <summary>Whether <paramref name="proof"/> shows both roots, and nothing is left over. Never throws, whatever the proof.</summary>
    public static bool Verify(ulong oldSize, ulong newSize, Digest oldRoot, Digest newRoot, IReadOnlyList<Digest> proof)
    {
        if (oldSize > newSize)
            return false;
        if (oldSize == newSize)
            return proof.Count == 0 && oldRoot == newRoot;
        if (oldSize == 0)
            return proof.Count == 0 && oldRoot == MerkleHash.EmptyRoot;
        // The proof starts at the older tree's last perfect subtree. If that is the older tree itself, its root stands for it.
        var level = BitOperations.TrailingZeroCount(oldSize);
        var node = (oldSize - 1) >> level;
        var last = (newSize - 1) >> level;
        var next = 0;
        if (node != 0 && proof.Count == 0)
            return false;
        var oldHash = node == 0 ? oldRoot : proof[next++];
        var newHash = oldHash;
        for (; next < proof.Count; next++)
        {
            if (last == 0)
                return false;
            if ((node & 1) == 1 || node == last)
            {
                oldHash = MerkleHash.Node(proof[next], oldHash);
                newHash = MerkleHash.Node(proof[next], newHash);
                for (; (node & 1) == 0 && node != 0; node >>= 1)
                    last >>= 1;
            }
            else
            {
                newHash = MerkleHash.Node(newHash, proof[next]);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && oldHash == oldRoot && newHash == newRoot;
    }
}
