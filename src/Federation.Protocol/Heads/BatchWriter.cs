using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;

namespace Federation.Protocol.Heads;

/// <summary>Writes the items of one batch (<see cref="BatchFrame"/>). Not safe for concurrent use; <see cref="Clear"/> makes it ready for the next.</summary>
public sealed class BatchWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);

    /// <summary>Creates a writer without items.</summary>
    public BatchWriter() => Clear();

    /// <summary>The number of items so far, entries and bare hashes together; at most 65,535.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of the entries so far. Bare hashes are left out, so that a cut by this number does not tell how much was superseded.</summary>
    public int VisibleBytes { get; private set; }

    /// <summary>The bytes of the whole frame so far.</summary>
    public int SizeBytes => _buffer.WrittenCount;

    /// <summary>Adds an entry that discloses nothing: a WITHDRAW or an ERASE.</summary>
    public void AddEntry(in Leaf leaf) => AddEntry(leaf, default, default, default(ReadOnlySpan<byte>));

    /// <summary>Adds an entry whose openings are framed already; statement, signature and openings may be empty.</summary>
    /// <exception cref="ArgumentException">The signature is longer than 65,535 bytes.</exception>
    /// <exception cref="InvalidOperationException">The batch has 65,535 items.</exception>
    [OverloadResolutionPriority(1)]
    public void AddEntry(in Leaf leaf, ReadOnlySpan<byte> statement, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> openings)
    {
        var rest = StartEntry(leaf, statement, signature, openings.Length);
        openings.CopyTo(rest);
    }

    /// <summary>Adds an entry and frames its openings in place, without joining them first.</summary>
    /// <exception cref="ArgumentException">The signature is longer than 65,535 bytes.</exception>
    /// <exception cref="InvalidOperationException">The batch has 65,535 items.</exception>
    public void AddEntry(in Leaf leaf, ReadOnlySpan<byte> statement, ReadOnlySpan<byte> signature, ReadOnlySpan<Opening> openings)
    {
        var size = 0;
        foreach (ref readonly var opening in openings)
            size += Opening.HeaderSizeBytes + opening.Value.Length;
        var rest = StartEntry(leaf, statement, signature, size);
        foreach (ref readonly var opening in openings)
            rest = rest[Openings.Write(opening, rest)..];
    }

    /// <summary>Adds an entry and frames its openings in place, without joining them first.</summary>
    /// <exception cref="ArgumentException">The signature is longer than 65,535 bytes.</exception>
    /// <exception cref="InvalidOperationException">The batch has 65,535 items.</exception>
    public void AddEntry(in Leaf leaf, ReadOnlySpan<byte> statement, ReadOnlySpan<byte> signature, IReadOnlyList<Opening> openings)
    {
        var rest = StartEntry(leaf, statement, signature, Openings.SizeBytes(openings));
        for (var i = 0; i < openings.Count; i++)
            rest = rest[Openings.Write(openings[i], rest)..];
    }

    /// <summary>Adds the bare hash of a perfect subtree of 2^<paramref name="level"/> entries; level 0 is one entry.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not 0 to <see cref="BatchFrame.MaxLevel"/>.</exception>
    /// <exception cref="InvalidOperationException">The batch has 65,535 items.</exception>
    public void AddOpaque(int level, Digest hash)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, BatchFrame.MaxLevel);
        CountItem();
        var item = Take(BatchFrame.OpaqueSizeBytes);
        item[0] = (byte)BatchItemType.Opaque;
        item[1] = (byte)level;
        hash.Write(item[2..]);
    }

    /// <summary>The frame, as a new array.</summary>
    public byte[] ToArray()
    {
        var frame = _buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)Count);
        return frame;
    }

    /// <summary>The frame of the first items, as the writer's own memory: valid until the next call that changes the writer.</summary>
    /// <param name="count">The number of items, as <see cref="Count"/> was after the last of them.</param>
    /// <param name="sizeBytes">The size of the frame, as <see cref="SizeBytes"/> was then.</param>
    public ReadOnlyMemory<byte> Frame(int count, int sizeBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        var frame = MemoryMarshal.AsMemory(_buffer.WrittenMemory)[..sizeBytes];
        BinaryPrimitives.WriteUInt16BigEndian(frame.Span, (ushort)count);
        return frame;
    }

    /// <summary>Drops all items and keeps the memory.</summary>
    public void Clear()
    {
        _buffer.ResetWrittenCount();
        Count = 0;
        VisibleBytes = 0;
        Take(BatchFrame.CountSizeBytes);
    }

    private Span<byte> StartEntry(in Leaf leaf, ReadOnlySpan<byte> statement, ReadOnlySpan<byte> signature, int openingsSizeBytes)
    {
        if (signature.Length > ushort.MaxValue)
            throw new ArgumentException("A signature is at most 65,535 bytes.", nameof(signature));
        CountItem();
        var size = BatchFrame.EntryOverheadSizeBytes + statement.Length + signature.Length + openingsSizeBytes;
        VisibleBytes += size;
        var rest = Take(size);
        rest[0] = (byte)BatchItemType.Entry;
        leaf.Write(rest[1..]);
        rest = rest[(1 + Leaf.SizeBytes)..];
        BinaryPrimitives.WriteUInt32BigEndian(rest, (uint)statement.Length);
        statement.CopyTo(rest[4..]);
        rest = rest[(4 + statement.Length)..];
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)signature.Length);
        signature.CopyTo(rest[2..]);
        rest = rest[(2 + signature.Length)..];
        BinaryPrimitives.WriteUInt32BigEndian(rest, (uint)openingsSizeBytes);
        return rest[4..];
    }

    private void CountItem()
    {
        if (Count == ushort.MaxValue)
            throw new InvalidOperationException("A batch has at most 65,535 items.");
        Count++;
    }

    private Span<byte> Take(int sizeBytes)
    {
        var span = _buffer.GetSpan(sizeBytes)[..sizeBytes];
        _buffer.Advance(sizeBytes);
        return span;
    }
}
