using Federation.Protocol.Merkle;
using Federation.Protocol.Records;

namespace Federation.Node.Tests.Storage;

/// <summary>The root of a tree by the recursive definition of RFC 6962, section 2.1: nothing is shared with the code under test but the hash.</summary>
internal static class TreeRoot
{
    public static Digest Of(List<Digest> leaves) => leaves.Count == 0 ? MerkleHash.EmptyRoot : Of(leaves, 0, leaves.Count);

    private static Digest Of(List<Digest> leaves, int from, int count)
    {
        if (count == 1)
            return leaves[from];
        var left = 1;
        while (left * 2 < count)
            left *= 2;
        return MerkleHash.Node(Of(leaves, from, left), Of(leaves, from + left, count - left));
    }
}
