using System.Buffers.Binary;
using Federation.Protocol.Records;

namespace Federation.Protocol.Heads;

/// <summary>
/// Reads the framing of a batch's items: <c>n u16 | n × item</c>, an item being <c>1 u8 | leaf78 | len u32, statement | len u16, signature |
/// len u32, openings</c> or <c>2 u8 | level u8 | hash32</c>, big-endian. Writing is <see cref="BatchWriter"/>'s.
/// </summary>
public static class BatchFrame
{
    /// <summary>The most bytes a batch's items have: 1 MiB.</summary>
    public const int MaxSizeBytes = 1024 * 1024;

    /// <summary>The highest level a bare hash can have.</summary>
    public const int MaxLevel = 62;

    internal const int CountSizeBytes = 2;
    internal const int OpaqueSizeBytes = 2 + Digest.SizeBytes;
    internal const int EntryOverheadSizeBytes = 1 + Leaf.SizeBytes + 4 + 2 + 4;

    /// <summary>
    /// Reads all of <paramref name="bytes"/> into slices of it; false, with a sentence in <paramref name="error"/>, for anything malformed.
    /// The count is held against <paramref name="maxItems"/> and the length before anything is allocated.
    /// </summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, int maxItems, out List<BatchItem> items, out string error)
    {
        items = [];
        if (bytes.Length is < CountSizeBytes or > MaxSizeBytes)
            return Refuse("A batch has 2 bytes to 1 MiB of items.", items, out error);
        var count = BinaryPrimitives.ReadUInt16BigEndian(bytes.Span);
        var rest = bytes[CountSizeBytes..];
        if (count > maxItems || count * OpaqueSizeBytes > rest.Length)
            return Refuse($"The batch announces {count} items, more than are allowed or fit.", items, out error);
        items.EnsureCapacity(count);
        for (var i = 0; i < count; i++)
        {
            if (!TryTake(ref rest, out var item, out error))
                return Refuse($"Item {i} is malformed. {error}", items, out error);
            items.Add(item);
        }
        if (!rest.IsEmpty)
            return Refuse("Bytes follow the last item.", items, out error);
        error = "";
        return true;
    }

    private static bool TryTake(ref ReadOnlyMemory<byte> rest, out BatchItem item, out string error)
    {
        item = default;
        error = "It ends too early, or its type is not known.";
        if (rest.IsEmpty)
            return false;
        switch ((BatchItemType)rest.Span[0])
        {
            case BatchItemType.Entry:
                return TryTakeEntry(ref rest, out item, ref error);
            case BatchItemType.Opaque when rest.Length >= OpaqueSizeBytes && rest.Span[1] <= MaxLevel:
                item = BatchItem.Opaque(rest.Span[1], Digest.Read(rest.Span[2..]));
                rest = rest[OpaqueSizeBytes..];
                return true;
            default:
                return false;
        }
    }

    private static bool TryTakeEntry(ref ReadOnlyMemory<byte> rest, out BatchItem item, ref string error)
    {
        item = default;
        if (rest.Length < EntryOverheadSizeBytes)
            return false;
        if (!Leaf.TryRead(rest.Span[1..], out var leaf, out var refusal))
        {
            error = refusal;
            return false;
        }
        var left = rest[(1 + Leaf.SizeBytes)..];
        if (!TryTakeField(ref left, 4, out var statement)
            || !TryTakeField(ref left, 2, out var signature)
            || !TryTakeField(ref left, 4, out var openings))
        {
            return false;
        }
        item = BatchItem.Entry(leaf, statement, signature, openings);
        rest = left;
        return true;
    }

    private static bool TryTakeField(ref ReadOnlyMemory<byte> rest, int lengthSizeBytes, out ReadOnlyMemory<byte> field)
    {
        field = default;
        var span = rest.Span;
        if (span.Length < lengthSizeBytes)
            return false;
        var length = lengthSizeBytes == 2 ? BinaryPrimitives.ReadUInt16BigEndian(span) : BinaryPrimitives.ReadUInt32BigEndian(span);
        if (length > span.Length - lengthSizeBytes)
            return false;
        field = rest.Slice(lengthSizeBytes, (int)length);
        rest = rest[(lengthSizeBytes + (int)length)..];
        return true;
    }

    private static bool Refuse(string reason, List<BatchItem> items, out string error)
    {
        items.Clear();
        error = reason;
        return false;
    }
}
