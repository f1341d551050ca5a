using System.Buffers;

namespace Federation.Protocol;

/// <summary>Strict reading of fixed-length hexadecimal text.</summary>
internal static class HexText
{
    /// <summary>Fills <paramref name="destination"/> exactly, or answers false without a meaning for what was written.</summary>
    internal static bool TryDecode(string? text, Span<byte> destination) =>
        text is not null
        && text.Length == destination.Length * 2
        && Convert.FromHexString(text, destination, out _, out _) == OperationStatus.Done;
}
