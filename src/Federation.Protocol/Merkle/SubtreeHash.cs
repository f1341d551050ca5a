using System.Numerics;
using Federation.Protocol.Records;

namespace Federation.Protocol.Merkle;

/// <summary>Hashes of leaf ranges as proofs need them, from hashes of perfect subtrees.</summary>
internal static class SubtreeHash
{
    /// <summary>The largest power of two below <paramref name="count"/>, where RFC 6962 splits a tree of that many leaves (2 or more).</summary>
    internal static ulong Split(ulong count) => 1UL << BitOperations.Log2(count - 1);

    /// <summary>The hash of leaves start to end, a range that a split of the tree produced, so that its perfect parts are aligned.</summary>
    internal static Digest Range(ulong start, ulong end, Func<int, ulong, Digest> perfectSubtree)
    {
        var count = end - start;
        if (BitOperations.IsPow2(count))
        {
            var level = BitOperations.Log2(count);
            return perfectSubtree(level, start >> level);
        }
        var middle = start + Split(count);
        var left = Range(start, middle, perfectSubtree);
        return MerkleHash.Node(left, Range(middle, end, perfectSubtree));
    }
}
