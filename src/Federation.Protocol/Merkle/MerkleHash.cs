using Federation.Protocol.Records;

namespace Federation.Protocol.Merkle;

/// <summary>The hashes of a Merkle tree (RFC 6962 section 2.1).</summary>
public static class MerkleHash
{
    /// <summary>The root of the tree without leaves: SHA-256 of nothing.</summary>
    public static Digest EmptyRoot { get; } = Digest.Sha256([]);

    /// <summary>The hash of a leaf: <c>SHA-256(0x00 | bytes)</c>. A ledger's leaves are hashed by <see cref="Heads.Leaf.Hash"/>.</summary>
    public static Digest Leaf(ReadOnlySpan<byte> bytes)
    {
        const int stackSizeBytes = 512;
        var size = 1 + bytes.Length;
        var buffer = size <= stackSizeBytes ? stackalloc byte[size] : new byte[size];
        buffer[0] = 0x00;
        bytes.CopyTo(buffer[1..]);
        return Digest.Sha256(buffer);
    }

    /// <summary>The hash of an inner node: <c>SHA-256(0x01 | left | right)</c>.</summary>
    public static Digest Node(Digest left, Digest right)
    {
        Span<byte> buffer = stackalloc byte[1 + 2 * Digest.SizeBytes];
        buffer[0] = 0x01;
        left.Write(buffer[1..]);
        right.Write(buffer[(1 + Digest.SizeBytes)..]);
        return Digest.Sha256(buffer);
    }
}
