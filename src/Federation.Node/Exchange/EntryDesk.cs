using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.V1.Exchange;
using Google.Protobuf;
using Grpc.Core;

namespace Federation.Node.Exchange;

/// <summary>
/// Shows a partner entries of its ledger again, each with its audit path, so that a copy that lost some can be repaired. The same guard as
/// on the stream decides over each: what was superseded or never sent is shown as its hash.
/// </summary>
internal sealed class EntryDesk(StreamNeeds needs, LedgerProofs proofs)
{
    /// <summary>The most entries of one call for a range.</summary>
    public const ulong MaxRange = 65_536;

    private const int EntriesPerMessage = 64;
    private const int ChecksBeforeRefusal = 8;

    /// <summary>Streams what is asked for.</summary>
    public async Task StreamAsync(
        Partner partner, LedgerHead ledger, GetEntriesRequest request, IServerStreamWriter<GetEntriesResponse> writer, CancellationToken cancellationToken)
    {
        if (request.Size > ledger.SignedSize)
            throw Invalid("size", $"at most {ledger.SignedSize}");
        if (!needs.Sessions.Of(partner.Number).TryTakeRepair(needs.Time))
            throw FederationError.Exception(FederationReason.RateLimited, "at most one call a second");
        switch (request.WantedCase)
        {
            case GetEntriesRequest.WantedOneofCase.Range when request.Range.ToSeq <= request.Size && request.Range.FromSeq <= request.Range.ToSeq
                && request.Range.ToSeq - request.Range.FromSeq <= MaxRange:
                for (var seq = request.Range.FromSeq; seq < request.Range.ToSeq; seq += EntriesPerMessage)
                    await SendAsync(partner, ledger, [.. From(seq, Math.Min(EntriesPerMessage, request.Range.ToSeq - seq))], request.Size, writer, cancellationToken);
                return;
            case GetEntriesRequest.WantedOneofCase.Buckets when request.Buckets.Buckets.Count > 0 && request.Buckets.Buckets.All(b => b < LiveSet.BucketCount):
                await StreamBucketsAsync(partner, ledger, request, writer, cancellationToken);
                return;
            default:
                throw Invalid("wanted", $"a range of at most {MaxRange} entries within the size, or buckets below {LiveSet.BucketCount}");
        }
    }

    private async Task StreamBucketsAsync(
        Partner partner, LedgerHead ledger, GetEntriesRequest request, IServerStreamWriter<GetEntriesResponse> writer, CancellationToken cancellationToken)
    {
        var mask = request.Buckets.Buckets.Aggregate(0UL, (all, bucket) => all | (1UL << (int)bucket));
        for (var next = 0UL; ;)
        {
            var seqs = await needs.Store.ReadLatestAsync(partner.Number, next, mask, EntriesPerMessage, cancellationToken);
            await SendAsync(partner, ledger, [.. seqs.Where(seq => seq < request.Size)], request.Size, writer, cancellationToken);
            if (seqs.Count < EntriesPerMessage)
                return;
            next = seqs[^1] + 1;
        }
    }

    private async Task SendAsync(
        Partner partner, LedgerHead ledger, List<ulong> seqs, ulong size, IServerStreamWriter<GetEntriesResponse> writer, CancellationToken cancellationToken)
    {
        for (var sent = 0; sent < seqs.Count;)
            sent += await SendSomeAsync(partner, ledger, seqs[sent..], size, writer, cancellationToken);
    }

    // As on the stream: what was built is sent only if nothing that the guard goes by has changed since.
    private async Task<int> SendSomeAsync(
        Partner partner, LedgerHead ledger, List<ulong> seqs, ulong size, IServerStreamWriter<GetEntriesResponse> writer, CancellationToken cancellationToken)
    {
        for (var check = 0; check < ChecksBeforeRefusal; check++)
        {
            var counter = needs.Store.GuardCounter;
            var current = needs.Roster.Current.Find(partner.Number);
            if (current is not { Share: true })
                throw FederationError.Exception(FederationReason.LedgerNotFound, "there is no such ledger");
            var response = await BuildAsync(current, ledger, seqs, size, cancellationToken);
            if (needs.Store.GuardCounter != counter || needs.Roster.Current.Find(partner.Number) != current)
                continue;
            await writer.WriteInTimeAsync(response, needs.Time, cancellationToken);
            return response.Paths.Count;
        }

        throw FederationError.Exception(FederationReason.RateLimited, "too much changes at this moment");
    }

    // As many of the entries as fit a message, at least one.
    private async Task<GetEntriesResponse> BuildAsync(Partner partner, LedgerHead ledger, List<ulong> seqs, ulong size, CancellationToken cancellationToken)
    {
        var items = new BatchWriter();
        var response = new GetEntriesResponse();
        foreach (var seq in seqs.TakeWhile(_ => items.SizeBytes < ExchangeLimits.FlushBytes))
        {
            var path = await proofs.InclusionAsync(ledger, seq, size, cancellationToken);
            await AddAsync(items, partner, await proofs.RangeAtAsync(ledger, seq, cancellationToken), cancellationToken);
            response.Paths.Add(ByteString.CopyFrom([.. path.SelectMany(hash => hash.ToBytes())]));
        }

        response.Items = ByteString.CopyFrom(items.ToArray());
        return response;
    }

    private async Task AddAsync(BatchWriter items, Partner partner, CompactRange from, CancellationToken cancellationToken)
    {
        var batch = new LedgerBatch(new BatchWriter(), partner, from, 1, from.Size + 1, needs.Clock.NowMs);
        await needs.Store.VisitLedgerAsync(partner.Number, from.Size, 1, withBodies: true, batch.Visit, cancellationToken);
        if (batch.Held is { } rec)
        {
            needs.Holds.Add(partner.Number, rec);
            throw FederationError.Exception(FederationReason.RateLimited, "an entry is being decided anew");
        }

        if (!BatchFrame.TryRead(batch.Items, 1, out var framed, out var error) || framed is not [var item])
            throw new InvalidOperationException($"entry {from.Size} could not be framed: {error}");
        if (item.Type == BatchItemType.Entry)
            items.AddEntry(item.Leaf, item.Statement.Span, item.Signature.Span, item.Openings.Span);
        else
            items.AddOpaque(item.Level, item.Hash);
    }

    private static IEnumerable<ulong> From(ulong seq, ulong count)
    {
        for (var i = 0UL; i < count; i++)
            yield return seq + i;
    }

    private static RpcException Invalid(string field, string meaning) =>
        FederationError.Exception(FederationReason.FieldInvalid, $"{field}: {meaning}", (field, meaning));
}
