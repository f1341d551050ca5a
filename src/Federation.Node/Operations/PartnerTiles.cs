using Federation.Node.Exchange;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;
using Grpc.Core;

namespace Federation.Node.Operations;

/// <summary>What a partner's node says that it holds of one ledger; it counts what it is asked. One comparison's state.</summary>
internal sealed class PartnerTiles(ExchangeService.ExchangeServiceClient client, LedgerId ledger, TimeProvider time)
{
    private readonly ByteString id = ByteString.CopyFrom(ledger.ToBytes());

    /// <summary>The requests so far.</summary>
    public uint Requests { get; private set; }

    /// <summary>The live sums; null while the partner has more to disclose, or if they are malformed.</summary>
    public async Task<GetLiveSumsResponse?> LiveSumsAsync(CancellationToken cancellationToken)
    {
        Requests++;
        try
        {
            var sums = await client.GetLiveSumsAsync(new GetLiveSumsRequest { LedgerId = id }, Options(cancellationToken));
            return sums.Sums.Length == LiveSet.EncodedSizeBytes ? sums : null;
        }
        catch (RpcException refusal) when (refusal.StatusCode == StatusCode.ResourceExhausted)
        {
            return null;
        }
    }

    /// <summary>The number of entries.</summary>
    public async Task<ulong> SizeAsync(CancellationToken cancellationToken) => (await AskAsync(default, cancellationToken)).Size;

    /// <summary>The first hashes of a tile.</summary>
    public async Task<byte[]> ReadAsync(TileCoordinate tile, int count, CancellationToken cancellationToken)
    {
        var hashes = (await AskAsync(tile, cancellationToken)).Hashes;
        return hashes.Span[..Math.Min(hashes.Length, count * Digest.SizeBytes)].ToArray();
    }

    private async Task<GetTileResponse> AskAsync(TileCoordinate tile, CancellationToken cancellationToken)
    {
        Requests++;
        return await client.GetTileAsync(new GetTileRequest { LedgerId = id, Level = (uint)tile.Level, Index = tile.Index }, Options(cancellationToken));
    }

    private CallOptions Options(CancellationToken cancellationToken) =>
        new(deadline: time.GetUtcNow().UtcDateTime + ExchangeLimits.UnaryDeadline, cancellationToken: cancellationToken);
}
