using Federation.Node.Ledger;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Node.Exchange;

/// <summary>
/// Shows either party of a ledger what the other holds of its tree and of its live entries, so that a difference is found without sending
/// entries: the originator from its tiles, the follower from the pieces that it applied.
/// </summary>
internal sealed class TreeDesk(INodeStore store, LedgerProofs proofs)
{
    private const int PiecesAtOnce = 4096;

    // A tile of this level would cover more entries than a ledger can have.
    private const int MaxTileLevel = CompactRange.MaxLevel / Tiles.Height;

    /// <summary>One tile of the ledger that this node keeps for the caller, as far as heads were signed.</summary>
    public async Task<GetTileResponse> ShowOwnTileAsync(LedgerHead ledger, GetTileRequest request, CancellationToken cancellationToken)
    {
        var coordinate = CoordinateOf(request);
        var hashes = Tiles.HashesIn(coordinate, ledger.SignedSize);
        var bytes = await proofs.TileAsync(ledger, coordinate, hashes, cancellationToken);
        return new GetTileResponse { Size = ledger.SignedSize, Hashes = UnsafeByteOperations.UnsafeWrap(bytes) };
    }

    /// <summary>One tile of the caller's ledger as this node holds it.</summary>
    public async Task<GetTileResponse> ShowHeldTileAsync(FollowRow row, GetTileRequest request, CancellationToken cancellationToken)
    {
        var coordinate = CoordinateOf(request);
        var level = coordinate.Level * Tiles.Height;
        var hashes = new byte[Tiles.HashesIn(coordinate, row.Size) * Digest.SizeBytes];
        var count = (ulong)hashes.Length / Digest.SizeBytes;
        var first = (coordinate.Index * Tiles.HashesPerTile) << level;
        var end = first + (count << level);
        var subtree = new CompactRange();
        for (var seq = first; seq < end;)
        {
            var stretch = await store.ReadInboundAsync(row.Partner, seq, PiecesAtOnce, cancellationToken);
            foreach (var piece in stretch.Items.TakeWhile(piece => piece.Seq < end))
            {
                // What a larger piece covers is known by its hash further up only, and stays zero.
                if (piece.Level > level || piece.Seq < seq)
                    continue;
                if ((piece.Seq - first & ((1UL << level) - 1)) == 0)
                    subtree = new CompactRange();
                subtree.AppendSubtree(piece.Level, piece.Hash);
                if (subtree.Size == 1UL << level)
                    subtree.Root().Write(hashes.AsSpan((int)(piece.Seq - first >> level) * Digest.SizeBytes));
            }

            if (stretch.Items.Count == 0)
                break;
            seq = stretch.Items[^1].End;
        }

        return new GetTileResponse { Size = row.Size, Hashes = UnsafeByteOperations.UnsafeWrap(hashes) };
    }

    /// <summary>The sums of the live entries of a ledger that this node keeps or follows.</summary>
    public static GetLiveSumsResponse ShowSums(ulong size, ulong liveCount, byte[] sums) =>
        new() { Size = size, LiveCount = liveCount, Sums = ByteString.CopyFrom(sums) };

    private static TileCoordinate CoordinateOf(GetTileRequest request)
    {
        if (request.Level > MaxTileLevel || request.Index > ((ulong)long.MaxValue >> ((int)request.Level * Tiles.Height)) / Tiles.HashesPerTile)
            throw FederationError.Exception(FederationReason.FieldInvalid, $"level: 0 to {MaxTileLevel}, and an index within 2^63 entries", ("level", "out of range"));
        return new TileCoordinate((int)request.Level, request.Index);
    }
}
