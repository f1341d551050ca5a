using System.Security.Cryptography;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Google.Protobuf;

namespace Federation.Node.Operations;

/// <summary>Writes the pieces of one evidence bundle, each serialised once, and at last the seal over them. One owner at a time.</summary>
internal sealed class EvidenceWriter(Func<ExportEvidenceResponse, Task> write) : IDisposable
{
    private const int MaxLengthBytes = 5;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private ulong entries;

    /// <summary>Writes a piece.</summary>
    public async Task WriteAsync(EvidencePiece piece)
    {
        var bytes = piece.ToByteArray();
        hash.AppendData(LengthOf(bytes));
        hash.AppendData(bytes);
        if (piece.PieceCase == EvidencePiece.PieceOneofCase.Entry)
            entries++;
        await write(new ExportEvidenceResponse { Piece = UnsafeByteOperations.UnsafeWrap(bytes) });
    }

    /// <summary>Writes the last piece.</summary>
    public Task SealAsync(LedgerId ledger, uint incarnation, long nowMs, SigningKey key)
    {
        var seal = new EvidenceSeal(ledger, incarnation, entries, nowMs, Digest.Read(hash.GetCurrentHash())).Encode();
        return WriteAsync(new EvidencePiece
        {
            Seal = new SignedBytes
            {
                Payload = UnsafeByteOperations.UnsafeWrap(seal),
                Signature = UnsafeByteOperations.UnsafeWrap(key.Sign(EvidenceSeal.PaeType, seal)),
            },
        });
    }

    public void Dispose() => hash.Dispose();

    // As the file has it before each piece: a base-128 varint.
    private static byte[] LengthOf(byte[] piece)
    {
        var buffer = new byte[MaxLengthBytes];
        var count = 0;
        for (var rest = (uint)piece.Length; ; rest >>= 7)
        {
            buffer[count++] = (byte)(rest < 0x80 ? rest : rest | 0x80);
            if (rest < 0x80)
                return buffer[..count];
        }
    }
}
