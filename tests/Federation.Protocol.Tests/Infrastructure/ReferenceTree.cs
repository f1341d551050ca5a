using System.Security.Cryptography;
using Federation.Protocol.Records;

namespace Federation.Protocol.Tests.Infrastructure;

/// <summary>RFC 6962 section 2.1, transcribed literally over a list of leaf hashes, with nothing shared with the code under test.</summary>
internal static class ReferenceTree
{
    internal static Digest Root(ReadOnlySpan<Digest> leaves)
    {
        if (leaves.IsEmpty)
            return Digest.Read(SHA256.HashData(ReadOnlySpan<byte>.Empty));
        if (leaves.Length == 1)
            return leaves[0];
        var k = Split(leaves.Length);
        return Node(Root(leaves[..k]), Root(leaves[k..]));
    }

    internal static List<Digest> Path(int m, ReadOnlySpan<Digest> leaves)
    {
        if (leaves.Length == 1)
            return [];
        var k = Split(leaves.Length);
        return m < k ? [.. Path(m, leaves[..k]), Root(leaves[k..])] : [.. Path(m - k, leaves[k..]), Root(leaves[..k])];
    }

    internal static List<Digest> Proof(int m, ReadOnlySpan<Digest> leaves) => Subproof(m, leaves, true);

    internal static Digest[] Leaves(int count) => [.. Enumerable.Range(0, count).Select(i => LeafHash([(byte)i, (byte)(i >> 8), (byte)(i >> 16)]))];

    internal static Digest LeafHash(byte[] bytes) => Digest.Read(SHA256.HashData([0, .. bytes]));

    internal static Digest Node(Digest left, Digest right) => Digest.Read(SHA256.HashData([1, .. left.ToBytes(), .. right.ToBytes()]));

    /// <summary>The perfect subtrees of a list of leaves, as proofs ask for them; fails where a subtree is not full.</summary>
    internal static Func<int, ulong, Digest> Subtrees(Digest[] leaves) => (level, index) =>
    {
        var first = (int)(index << level);
        Assert.True(first + (1 << level) <= leaves.Length, "A proof asked for a subtree that is not full.");
        return Root(leaves.AsSpan(first, 1 << level));
    };

    private static List<Digest> Subproof(int m, ReadOnlySpan<Digest> leaves, bool isWhole)
    {
        if (m == leaves.Length)
            return isWhole ? [] : [Root(leaves)];
        var k = Split(leaves.Length);
        return m <= k
            ? [.. Subproof(m, leaves[..k], isWhole), Root(leaves[k..])]
            : [.. Subproof(m - k, leaves[k..], false), Root(leaves[..k])];
    }

    private static int Split(int n)
    {
        var k = 1;
        while (2 * k < n)
            k *= 2;
        return k;
    }
}
