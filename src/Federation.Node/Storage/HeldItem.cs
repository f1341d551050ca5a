using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>
/// One stored piece of a followed ledger: an entry, or the hash of a perfect subtree of entries that were not shown. Stored as the leaf's 78
/// bytes, or as level and hash; older programs left the level 0 out.
/// </summary>
/// <param name="Seq">The first entry's sequence number.</param>
/// <param name="Level">It stands for 2^level entries; 0 if it is one.</param>
/// <param name="Hash">The hash of the leaf or of the subtree.</param>
/// <param name="Leaf">The entry; null if only the hash is known.</param>
internal sealed record HeldItem(ulong Seq, int Level, Digest Hash, Leaf? Leaf)
{
    private const int SubtreeSizeBytes = 1 + Digest.SizeBytes;

    /// <summary>The sequence number after the last entry.</summary>
    public ulong End => Seq + (1UL << Level);

    /// <summary>Reads a stored piece.</summary>
    public static HeldItem Decode(LedgerId ledger, ulong seq, ReadOnlySpan<byte> bytes)
    {
        switch (bytes.Length)
        {
            case Digest.SizeBytes:
                return new HeldItem(seq, 0, Digest.Read(bytes), null);
            case SubtreeSizeBytes when bytes[0] <= BatchFrame.MaxLevel:
                return new HeldItem(seq, bytes[0], Digest.Read(bytes[1..]), null);
            default:
                return Protocol.Heads.Leaf.TryRead(bytes, out var leaf, out var error)
                    ? new HeldItem(seq, 0, leaf.Hash(ledger), leaf)
                    : throw new StoreFaultException($"a stored entry can't be read: {error}");
        }
    }

    /// <summary>Writes a piece, and returns its length; the room for 78 bytes is enough.</summary>
    public static int Encode(Leaf? leaf, int level, Digest hash, Span<byte> bytes)
    {
        if (leaf is { } entry)
        {
            entry.Write(bytes);
            return Protocol.Heads.Leaf.SizeBytes;
        }

        bytes[0] = (byte)level;
        hash.Write(bytes[1..]);
        return SubtreeSizeBytes;
    }
}
