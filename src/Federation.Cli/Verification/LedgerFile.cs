using Federation.V1.Exchange;

namespace Federation.Cli.Verification;

/// <summary>A ledger export: length-delimited pieces.</summary>
internal static class LedgerFile
{
    private const int MaxPieceBytes = 4 * 1024 * 1024;

    /// <summary>Reads the pieces one after the other; the file may be larger than memory.</summary>
    /// <exception cref="LedgerFaultException">A piece is too large or cut off.</exception>
    /// <exception cref="Google.Protobuf.InvalidProtocolBufferException">A piece is malformed.</exception>
    public static IEnumerable<LedgerExport> Read(Stream file)
    {
        while (TryReadLength(file, out var length))
        {
            if (length > MaxPieceBytes)
                throw new LedgerFaultException($"A piece of {length} bytes is larger than {MaxPieceBytes}.");
            var bytes = new byte[length];
            try
            {
                file.ReadExactly(bytes);
            }
            catch (EndOfStreamException)
            {
                throw new LedgerFaultException("The file ends within a piece.");
            }
            yield return LedgerExport.Parser.ParseFrom(bytes);
        }
    }

    private static bool TryReadLength(Stream file, out uint length)
    {
        length = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = file.ReadByte();
            if (next < 0)
                return shift == 0 ? false : throw new LedgerFaultException("The file ends within a piece's length.");
            length |= (uint)(next & 0x7F) << shift;
            if (next < 0x80)
                return true;
        }
        throw new LedgerFaultException("A piece's length is malformed.");
    }
}
