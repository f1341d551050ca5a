using System.Buffers.Binary;

namespace Federation.Protocol;

/// <summary>
/// Reads big-endian fields front to back. Running past the end sets <see cref="Failed"/> and yields zeros, so that a decoder
/// reads a group of fields and asks once.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    internal readonly int Remaining => _rest.Length;

    internal bool Failed { get; private set; }

    /// <summary>Whether everything was read, and nothing was missing.</summary>
    internal readonly bool AtEnd => !Failed && _rest.IsEmpty;

    internal byte ReadByte()
    {
        var field = Take(1);
        return field.IsEmpty ? (byte)0 : field[0];
    }

    internal ushort ReadUInt16()
    {
        var field = Take(2);
        return field.IsEmpty ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(field);
    }

    internal uint ReadUInt32()
    {
        var field = Take(4);
        return field.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(field);
    }

    internal ulong ReadUInt64()
    {
        var field = Take(8);
        return field.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64BigEndian(field);
    }

    /// <summary>Takes <paramref name="length"/> bytes, or fails and takes none.</summary>
    internal ReadOnlySpan<byte> Take(int length)
    {
        if (Failed || length < 0 || length > _rest.Length)
        {
            Failed = true;
            return default;
        }
        var field = _rest[..length];
        _rest = _rest[length..];
        return field;
    }
}
