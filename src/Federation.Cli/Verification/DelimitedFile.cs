using System.Security.Cryptography;
using Federation.Protocol.Records;

namespace Federation.Cli.Verification;

/// <summary>Reads a file of length-delimited pieces one after the other, and hashes what was read; the file may be larger than memory.</summary>
internal sealed class DelimitedFile(Stream file) : IDisposable
{
    private const int MaxPieceBytes = 4 * 1024 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>SHA-256 of all bytes before the piece that was read last.</summary>
    public Digest HashBefore { get; private set; } = Digest.Sha256([]);

    /// <summary>The next piece; null at the end.</summary>
    /// <exception cref="LedgerFaultException">The piece is too large or cut off.</exception>
    public byte[]? Next()
    {
        HashBefore = Digest.Read(_hash.GetCurrentHash());
        if (!TryReadLength(out var length))
            return null;
        if (length > MaxPieceBytes)
            throw new LedgerFaultException($"A piece of {length} bytes is larger than {MaxPieceBytes}.");
        var bytes = new byte[length];
        if (file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new LedgerFaultException("The file ends within a piece.");
        _hash.AppendData(bytes);
        return bytes;
    }

    public void Dispose() => _hash.Dispose();

    private bool TryReadLength(out uint length)
    {
        length = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = file.ReadByte();
            if (next < 0)
                return shift == 0 ? false : throw new LedgerFaultException("The file ends within a piece's length.");
            _hash.AppendData([(byte)next]);
            length |= (uint)(next & 0x7F) << shift;
            if (next < 0x80)
                return true;
        }
        throw new LedgerFaultException("A piece's length is malformed.");
    }
}
