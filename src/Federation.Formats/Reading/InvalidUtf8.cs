using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Federation.Formats.Reading;

/// <summary>Finds where bytes stop being UTF-8.</summary>
internal static class InvalidUtf8
{
    /// <summary>The position of the first byte that is not part of valid UTF-8, or null if there is none.</summary>
    internal static int? Find(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
            return null;
        var position = 0;
        while (Rune.DecodeFromUtf8(bytes[position..], out _, out var length) == OperationStatus.Done)
            position += length;
        return position;
    }
}
