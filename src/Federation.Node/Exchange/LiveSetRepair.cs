using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;
using Grpc.Core;
using EvidenceKind = Federation.Node.Storage.EvidenceKind;
using EvidenceObject = Federation.Node.Storage.EvidenceObject;

namespace Federation.Node.Exchange;

/// <summary>
/// Repairs a copy whose live entries are not those of a signed head at the tip: (1) ask for the 64 sums, which the head's digest covers,
/// (2) compare them with what is stored, (3) ask for the latest entries of the buckets that differ, (4) prove each against the tree that is
/// held, (5) store them, (6) compare again. What still differs then was not lost here: the ledger halts with the answers as evidence.
/// </summary>
internal sealed class LiveSetRepair(FollowerNeeds needs, Partner partner, ExchangeService.ExchangeServiceClient client, OriginKeys origins)
{
    private readonly LedgerVerifier verifier = new(ExchangeLimits.MaxBatchEntries, origins: origins.Find);

    private const int MaxMovedTips = 10;
    private const string Fault = "LIVE_SET_MISMATCH";

    // Owned by the loop that applies batches.
    private int movedTips;
    private SignedBytes? before;
    private GetLiveSumsResponse? asked;

    /// <summary>
    /// Asks for the sums under the head of a batch that is not applied yet, and halts if the partner does not show those that it signed. If the
    /// ledger has moved on, the next tip shows whether a repair is needed still.
    /// </summary>
    public async Task AskAsync(VerifiedBatch tip, SignedBytes? heldBefore, CancellationToken cancellationToken)
    {
        var head = tip.Position.LastHead!;
        (before, asked) = (heldBefore, null);
        ExchangeLog.LiveEntriesDiffer(needs.Logger, partner.Institute, head.Size, head.LiveCount);
        try
        {
            // 1.
            var request = new GetLiveSumsRequest { LedgerId = ByteString.CopyFrom(head.Ledger.ToBytes()) };
            var sums = await client.GetLiveSumsAsync(request, deadline: Deadline(), cancellationToken: cancellationToken);
            if (sums.Size != head.Size)
                CountMoved(tip);
            else if (sums.Sums.Length != LiveSet.EncodedSizeBytes || Digest.Sha256(sums.Sums.Span) != head.LiveDigest || sums.LiveCount != head.LiveCount)
                throw Halt(tip, "the sums of the live entries are not those under the head", sums.ToByteArray());
            else
                asked = sums;
        }
        catch (RpcException refusal) when (refusal.StatusCode == StatusCode.ResourceExhausted)
        {
            CountMoved(tip);
        }
        catch (RpcException refusal) when (IsRefusal(refusal))
        {
            throw Halt(tip, $"and the partner does not show them again: {refusal.StatusCode}");
        }
    }

    /// <summary>Repairs what is held under the head of the last batch, and returns the live entries; null if that has to wait for the next tip.</summary>
    public async Task<LiveSet?> RunAsync(VerifiedBatch tip, CancellationToken cancellationToken)
    {
        if (asked is not { } sums)
            return null;
        try
        {
            return await RunAsync(tip, LiveSet.Decode(sums.LiveCount, sums.Sums.Span), sums, cancellationToken);
        }
        catch (RpcException refusal) when (refusal.StatusCode == StatusCode.ResourceExhausted)
        {
            CountMoved(tip);
            return null;
        }
        catch (RpcException refusal) when (IsRefusal(refusal))
        {
            throw Halt(tip, $"and the partner does not show them again: {refusal.StatusCode}");
        }
    }

    private async Task<LiveSet?> RunAsync(VerifiedBatch tip, LiveSet wanted, GetLiveSumsResponse sums, CancellationToken cancellationToken)
    {
        // 2.
        var held = await ReadHeldAsync(cancellationToken);
        var buckets = Differing(held, wanted);
        if (buckets.Count > 0)
        {
            // 3. to 5.
            var repaired = await FetchAsync(tip, buckets, cancellationToken);
            ExchangeLog.Repaired(needs.Logger, partner.Institute, repaired, buckets.Count);
            held = await ReadHeldAsync(cancellationToken);
        }

        // 6.
        if (Differing(held, wanted).Count > 0)
            throw Halt(tip, $"{wanted.Count} live entries are signed and {held.Count} are held, or others, after asking for them again", sums.ToByteArray());
        var counted = new RepairBatch { Partner = partner.Number, ExpectedSize = tip.Position.Size, NowMs = NowMs(), Live = held };
        await needs.Store.RepairAsync(counted, cancellationToken);
        movedTips = 0;
        return held;
    }

    private async Task<int> FetchAsync(VerifiedBatch tip, List<uint> buckets, CancellationToken cancellationToken)
    {
        var request = new GetEntriesRequest { LedgerId = ByteString.CopyFrom(tip.Position.Ledger.ToBytes()), Size = tip.Position.Size, Buckets = new LiveBuckets() };
        request.Buckets.Buckets.AddRange(buckets);
        using var call = client.GetEntries(request, cancellationToken: cancellationToken);
        var repaired = 0;
        while (await call.ResponseStream.MoveNext(cancellationToken))
            repaired += await StoreAsync(tip, call.ResponseStream.Current, cancellationToken);
        return repaired;
    }

    // 4. and 5. for one message.
    private async Task<int> StoreAsync(VerifiedBatch tip, GetEntriesResponse response, CancellationToken cancellationToken)
    {
        if (!BatchFrame.TryRead(response.Items.Memory, ExchangeLimits.MaxBatchEntries, out var items, out var error) || items.Count != response.Paths.Count)
            throw Halt(tip, $"and what was shown again can't be read: {error}", response.ToByteArray());
        var receiver = new RecordReceiver(partner, new ForwardedCheck(needs.Roster, needs.Identity, partner), needs.Entropy);
        var stored = 0;
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Type != BatchItemType.Entry)
                continue;
            await origins.FetchMissingAsync(items[i].Leaf.Origin, cancellationToken);
            if (verifier.VerifyEntry(tip.Position, items[i], partner.Keys, out var entry) is { } failure)
                throw Halt(tip, $"and an entry shown again does not hold: {failure.Detail}", response.ToByteArray());
            // One after the other: each opens the piece that it lies in, and the next may lie in the same.
            var name = new RecordName(entry.Leaf.Origin, entry.Leaf.Record);
            var held = await needs.Store.ReadPieceAsync(partner.Number, entry.Leaf.Seq, name, cancellationToken);
            if (RepairOf(tip, (entry, PathOf(response.Paths[i])), held, receiver, response) is not { } repair)
                continue;
            var batch = new RepairBatch { Partner = partner.Number, ExpectedSize = tip.Position.Size, NowMs = NowMs(), Item = repair };
            await needs.Store.RepairAsync(batch, cancellationToken);
            stored++;
        }

        return stored;
    }

    private RepairItem? RepairOf(
        VerifiedBatch tip, (VerifiedEntry Entry, List<Digest> Path) shown, HeldPiece held, RecordReceiver receiver, GetEntriesResponse response)
    {
        var (entry, path) = shown;
        var leaf = entry.Leaf;
        var piece = held.Piece is { } covering && covering.Seq <= leaf.Seq && leaf.Seq < covering.End ? covering : null;
        var pieces = piece is null ? null : SubtreeSplit.Open(piece.Seq, piece.Level, piece.Hash, leaf.Seq, entry.LeafHash, path);
        if (pieces is null)
            throw Halt(tip, $"and entry {leaf.Seq} shown again is not the one in the tree", response.ToByteArray());
        var live = leaf.Operation == LedgerOperation.Disclose;
        if (held.Record is { Past: 0 } row && row.Vrev == leaf.Vrev && row.Live == live && piece!.Leaf is not null)
            return null;
        var received = new ReceivedItem { Hash = entry.LeafHash, Leaf = leaf, Held = held.Record, Forwarded = leaf.Origin != partner.Institute, Record = live ? receiver.Receive(entry) : null };
        return new RepairItem(piece!.Seq, [.. pieces.Select(p => new HeldItem(p.First, p.Level, p.Hash, p.First == leaf.Seq ? leaf : null))], received);
    }

    private async Task<LiveSet> ReadHeldAsync(CancellationToken cancellationToken)
    {
        var live = new LiveSet();
        for (var after = 0L; ;)
        {
            var page = await needs.Store.ReadLiveHeldAsync(partner.Number, after, cancellationToken);
            foreach (var (record, hash) in page.Live)
                live.Add(record, hash);
            if (page.Last is not { } last)
                return live;
            after = last;
        }
    }

    private static List<uint> Differing(LiveSet held, LiveSet wanted)
    {
        var (mine, theirs) = (held.Encode(), wanted.Encode());
        return [.. Enumerable.Range(0, LiveSet.BucketCount)
            .Where(b => !mine.AsSpan(b * Digest.SizeBytes, Digest.SizeBytes).SequenceEqual(theirs.AsSpan(b * Digest.SizeBytes, Digest.SizeBytes)))
            .Select(b => (uint)b)];
    }

    private static List<Digest> PathOf(ByteString bytes)
    {
        var path = new List<Digest>();
        for (var at = 0; at + Digest.SizeBytes <= bytes.Length && path.Count <= CompactRange.MaxLevel; at += Digest.SizeBytes)
            path.Add(Digest.Read(bytes.Span[at..]));
        return path;
    }

    private void CountMoved(VerifiedBatch tip)
    {
        if (++movedTips >= MaxMovedTips)
            throw Halt(tip, $"and at {MaxMovedTips} tips the partner could not be asked about it");
    }

    private static bool IsRefusal(RpcException refusal) =>
        refusal.StatusCode is StatusCode.Unimplemented or StatusCode.NotFound or StatusCode.InvalidArgument;

    private LedgerHaltedException Halt(VerifiedBatch tip, string detail, params byte[][] answers)
    {
        var head = tip.Position.LastHead!;
        return new LedgerHaltedException(
            Fault,
            $"at size {head.Size} the head says {head.LiveCount} live entries and others are held; {detail}",
            [.. HaltEvidence.Of(tip.Response, before), .. answers.Select(answer => EvidenceObject.Of(EvidenceKind.Answer, answer))]);
    }

    private DateTime Deadline() => needs.Time.GetUtcNow().UtcDateTime + ExchangeLimits.UnaryDeadline;

    private long NowMs() => needs.Time.GetUtcNow().ToUnixTimeMilliseconds();
}
