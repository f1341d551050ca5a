using Federation.Node.Exchange;
using Federation.Node.Ledger;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Google.Protobuf;
using Grpc.Core;

namespace Federation.Node.Operations;

/// <summary>Compares both ledgers between this node and a partner with what the partner's node holds. One comparison at a time.</summary>
/// <param name="store">Durable state.</param>
/// <param name="proofs">This node's own trees.</param>
/// <param name="connect">Calls partners over connections of its own, so that followers keep theirs.</param>
/// <param name="time">The clock that deadlines are taken from.</param>
internal sealed class ReconcileDesk(INodeStore store, LedgerProofs proofs, PartnerConnector connect, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>The comparison of each ledger that there is.</summary>
    public async Task<ReconcilePartnerResponse> CompareAsync(Partners.Partner partner, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            var snapshot = await store.ReadNodeAsync(cancellationToken);
            var own = await store.ReadHeadAsync(partner.Number, cancellationToken);
            var held = snapshot.Followers.FirstOrDefault(row => row.Partner == partner.Number && row.Incarnation != 0);
            if (own is null && held is null)
                throw FederationError.Exception(FederationReason.LedgerNotFound, "there is no ledger with this partner");
            return new ReconcilePartnerResponse
            {
                Outbound = own is null ? null : await CompareOwnAsync(partner, own, cancellationToken),
                Inbound = held is null ? null : await CompareHeldAsync(partner, held, cancellationToken),
            };
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<LedgerComparison> CompareOwnAsync(Partners.Partner partner, LedgerHead own, CancellationToken cancellationToken)
    {
        var comparison = new LedgerComparison { OwnSize = own.Size, Receipted = own.ReceiptSize, ReceiptHolds = true };
        if (await store.ReadReceiptAsync(partner.Number, cancellationToken) is { } signed && Receipt.TryDecode(signed.Payload, out var receipt, out _))
        {
            // A receipt within entries that came back as one hash was compared before they were lost; the partner's next one is compared here.
            comparison.ReceiptHolds = receipt.Ledger == own.Ledger && receipt.Size <= own.Size
                && (await proofs.FindRangeAtAsync(own, receipt.Size, cancellationToken) is not { } range || range.Root() == receipt.Root);
        }

        Task<byte[]> ReadOwnAsync(TileCoordinate tile, int count, CancellationToken token) => proofs.TileAsync(own, tile, count, token);
        await AskAsync(partner, own.Ledger, comparison, ReadOwnAsync, (own.Size, own.Buckets), cancellationToken);
        if (comparison.Result == ComparisonResult.Unspecified)
            comparison.Result = comparison.PartnerSize < own.Size ? ComparisonResult.Behind : ComparisonResult.Alike;
        if (!comparison.ReceiptHolds)
            (comparison.Result, comparison.Detail) = (ComparisonResult.Differs, "The newest receipt countersigns another history than the node has.");
        else if (comparison.PartnerSize > own.Size && comparison.Result == ComparisonResult.Alike)
            (comparison.Result, comparison.Detail) = (ComparisonResult.Differs, "The partner holds more entries than the node has.");
        return comparison;
    }

    private async Task<LedgerComparison> CompareHeldAsync(Partners.Partner partner, FollowRow held, CancellationToken cancellationToken)
    {
        var comparison = new LedgerComparison { OwnSize = held.Size, Receipted = held.ReceiptSize };
        var trees = new TreeDesk(store, proofs);
        async Task<byte[]> ReadOwnAsync(TileCoordinate tile, int count, CancellationToken token)
        {
            var shown = await trees.ShowHeldTileAsync(held, new GetTileRequest { Level = (uint)tile.Level, Index = tile.Index }, token);
            return shown.Hashes.Span[..Math.Min(shown.Hashes.Length, count * Digest.SizeBytes)].ToArray();
        }

        await AskAsync(partner, held.Ledger, comparison, ReadOwnAsync, (held.Size, held.Buckets), cancellationToken);
        if (comparison.Result == ComparisonResult.Unspecified)
            comparison.Result = held.Size < comparison.PartnerSize ? ComparisonResult.Behind : ComparisonResult.Alike;
        if (held.Size > comparison.PartnerSize && comparison.Result == ComparisonResult.Alike)
            (comparison.Result, comparison.Detail) = (ComparisonResult.Differs, "The partner has fewer entries than it signed before.");
        return comparison;
    }

    private async Task AskAsync(
        Partners.Partner partner,
        LedgerId ledger,
        LedgerComparison comparison,
        Func<TileCoordinate, int, CancellationToken, Task<byte[]>> readOwn,
        (ulong Size, byte[] Buckets) live,
        CancellationToken cancellationToken)
    {
        PartnerTiles? tiles = null;
        try
        {
            tiles = new PartnerTiles(new ExchangeService.ExchangeServiceClient(connect(partner)), ledger, time);
            var sums = await tiles.LiveSumsAsync(cancellationToken);
            comparison.PartnerSize = sums?.Size ?? await tiles.SizeAsync(cancellationToken);
            var tree = new TreeComparison(Math.Min(comparison.OwnSize, comparison.PartnerSize), readOwn, tiles.ReadAsync);
            if (await tree.RunAsync(cancellationToken) is { } difference)
                Note(comparison, difference);
            comparison.Uncompared = tree.Uncompared;
            if (sums is not null && sums.Size == live.Size)
                CompareLive(comparison, live.Buckets, sums.Sums.Span);
        }
        catch (RpcException fault) when (!cancellationToken.IsCancellationRequested)
        {
            var reason = FederationError.TryRead(fault, out var known, out _) ? known.Name : fault.StatusCode.ToString();
            (comparison.Result, comparison.Detail) = (ComparisonResult.NotCompared, $"The partner's node could not be asked: {reason}.");
        }

        comparison.Requests = tiles?.Requests ?? 0;
    }

    private static void Note(LedgerComparison comparison, TreeDifference difference)
    {
        comparison.Result = ComparisonResult.Differs;
        comparison.FirstDifference = difference.FirstLeaf;
        comparison.DifferenceEntries = difference.Leaves;
        comparison.OwnHash = ByteString.CopyFrom(difference.Ours.ToBytes());
        comparison.PartnerHash = ByteString.CopyFrom(difference.Theirs.ToBytes());
    }

    private static void CompareLive(LedgerComparison comparison, ReadOnlySpan<byte> own, ReadOnlySpan<byte> theirs)
    {
        comparison.LiveCompared = true;
        for (var bucket = 0; bucket < LiveSet.BucketCount; bucket++)
        {
            var at = bucket * Digest.SizeBytes;
            if (!own.Slice(at, Digest.SizeBytes).SequenceEqual(theirs.Slice(at, Digest.SizeBytes)))
                comparison.LiveBuckets.Add((uint)bucket);
        }

        if (comparison.LiveBuckets.Count > 0)
            comparison.Result = ComparisonResult.Differs;
    }
}
