using System.Globalization;
using System.Text;

namespace Federation.Protocol.Keys;

/// <summary>
/// The pre-authentication encoding of DSSE v1 (secure-systems-lab/dsse, protocol.md): what is signed in place of a payload, so that a
/// signature made for one type of object never fits another.
/// </summary>
public static class Pae
{
    /// <summary>What every encoding begins with, and nothing else that is signed may begin with.</summary>
    public static ReadOnlySpan<byte> Start => "DSSEv1 "u8;

    /// <summary><c>"DSSEv1" SP LEN(type) SP type SP LEN(payload) SP payload</c>, lengths in decimal ASCII, the type in UTF-8.</summary>
    public static byte[] Encode(string type, ReadOnlySpan<byte> payload)
    {
        var typeSizeBytes = Encoding.UTF8.GetByteCount(type);
        var header = string.Create(CultureInfo.InvariantCulture, $"DSSEv1 {typeSizeBytes} {type} {payload.Length} ");
        var headerSizeBytes = Encoding.UTF8.GetByteCount(header);
        var bytes = new byte[headerSizeBytes + payload.Length];
        Encoding.UTF8.GetBytes(header, bytes);
        payload.CopyTo(bytes.AsSpan(headerSizeBytes));
        return bytes;
    }
}
