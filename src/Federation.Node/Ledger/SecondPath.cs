using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Ledger;

/// <summary>
/// A second way from stored rows to leaves and roots (R23): bytes laid out by hand and the recursive definition of RFC 6962, section 2.1. It
/// shares no code with what appends to a ledger, so that a mistake or a flipped bit there does not repeat itself here.
/// </summary>
internal static class SecondPath
{
    private const int LeafSizeBytes = 78;
    private const int LedgerSizeBytes = 16;

    /// <summary>The hash of an entry's leaf.</summary>
    public static Digest LeafHash(LedgerId ledger, LedgerEntryName name)
    {
        Span<byte> bytes = stackalloc byte[1 + LedgerSizeBytes + LeafSizeBytes];
        bytes.Clear();
        ledger.ToBytes().CopyTo(bytes[1..]);
        var leaf = bytes[(1 + LedgerSizeBytes)..];
        leaf[0] = 1;
        leaf[1] = name.Entry.Operation;
        BinaryPrimitives.WriteUInt64BigEndian(leaf[2..], name.Entry.Seq);
        Encoding.ASCII.GetBytes(name.Name.Origin.ToString(), leaf[10..26]);
        name.Name.Id.ToBytes().CopyTo(leaf[26..]);
        BinaryPrimitives.WriteUInt32BigEndian(leaf[42..], name.Entry.Vrev);
        name.Entry.StatementHash.ToBytes().CopyTo(leaf[46..]);
        return Hash(bytes);
    }

    /// <summary>The root over hashes, of leaves or of equally high perfect subtrees with whatever is left as the last.</summary>
    public static Digest Root(ReadOnlySpan<Digest> hashes)
    {
        if (hashes.IsEmpty)
            return Hash([]);
        if (hashes.Length == 1)
            return hashes[0];
        var left = 1;
        while (left * 2 < hashes.Length)
            left *= 2;
        var right = Root(hashes[left..]);
        // Of entries that were got back as one hash the first place has it and the others are zero.
        if (right.IsZero)
            return Root(hashes[..left]);
        Span<byte> node = stackalloc byte[1 + 32 + 32];
        node[0] = 1;
        Root(hashes[..left]).Write(node[1..]);
        right.Write(node[33..]);
        return Hash(node);
    }

    private static Digest Hash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes, hash);
        return Digest.Read(hash);
    }
}
