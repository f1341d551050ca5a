using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;

namespace Federation.Node.Tests.Storage;

/// <summary>A followed partner in a store under test; makes batches as a follower would after it verified them. Record 0 stands for an entry known by its hash alone.</summary>
internal sealed class FollowStage
{
    public static readonly LedgerId Ledger = new(4711);

    private FollowStage(int partner) => Partner = partner;

    public int Partner { get; }

    public static RecordName Name(int number) => new(StoreRecords.Other, new RecordId((UInt128)number));

    public static string TitleOf(int number) => $"received title {number}";

    public static async Task<FollowStage> AddAsync(INodeStore store, CancellationToken cancellationToken)
    {
        var partner = (await store.SavePartnerAsync(LedgerStage.Card(StoreRecords.Other), cancellationToken))!.Number;
        await store.SaveFollowAsync(new FollowWrite(partner) { Contact = (Ledger, 1) }, cancellationToken);
        return new FollowStage(partner);
    }

    public async Task<FollowRow> ReadAsync(INodeStore store, CancellationToken cancellationToken) =>
        (await store.ReadNodeAsync(cancellationToken)).Followers.Single(f => f.Partner == Partner);

    public async Task<ApplyOutcome> ApplyAsync(INodeStore store, CancellationToken cancellationToken, params (int Number, LedgerOperation Operation)[] entries) =>
        await store.ApplyBatchAsync(await BatchAsync(store, cancellationToken, entries), cancellationToken);

    public async Task<FollowerBatch> BatchAsync(INodeStore store, CancellationToken cancellationToken, params (int Number, LedgerOperation Operation)[] entries)
    {
        var row = await ReadAsync(store, cancellationToken);
        var range = CompactRange.Decode(row.Size, row.Range);
        var live = LiveSet.Decode(row.LiveCount, row.Buckets);
        var held = await store.ReadHeldAsync(Partner, [.. entries.Select(e => Name(e.Number))], cancellationToken);
        var items = new List<ReceivedItem>();
        for (var i = 0; i < entries.Length; i++)
        {
            items.Add(Item(range.Size, entries[i].Number, entries[i].Operation, held[i], live));
            range.Append(items[^1].Hash);
        }

        var head = new Head(Ledger, 1, range.Size, range.Root(), 1, true, 1, live.Count, live.Digest());
        return new FollowerBatch
        {
            Partner = Partner,
            ExpectedSize = row.Size,
            ExpectedHead = row.Head,
            NowMs = StoreRecords.NowMs,
            Items = items,
            Range = range.Encode(),
            LiveCount = live.Count,
            Buckets = live.Encode(),
            Head = head.Encode(),
            HeadSignature = [1],
        };
    }

    /// <summary>A later head over what is held already.</summary>
    public async Task<FollowerBatch> IdleAsync(INodeStore store, long timeMs, CancellationToken cancellationToken)
    {
        var row = await ReadAsync(store, cancellationToken);
        if (!Head.TryDecode(row.Head, out var head, out var error))
            throw new InvalidOperationException(error);
        return new FollowerBatch
        {
            Partner = Partner,
            ExpectedSize = row.Size,
            ExpectedHead = row.Head,
            NowMs = StoreRecords.NowMs,
            Items = [],
            Range = row.Range,
            LiveCount = row.LiveCount,
            Buckets = row.Buckets,
            Head = (head with { TimeMs = timeMs }).Encode(),
            HeadSignature = [2],
        };
    }

    private static ReceivedItem Item(ulong seq, int number, LedgerOperation operation, HeldRow? held, LiveSet live)
    {
        if (number == 0)
            return new ReceivedItem { Hash = Digest.Sha256([(byte)seq]), Leaf = null };
        var name = Name(number);
        var vrev = (held?.Vrev ?? 0) + 1;
        if (held is { Live: true } && Leaf.TryRead(held.Leaf, out var before, out _))
            live.Remove(name.Id, before.Hash(Ledger));
        if (operation != LedgerOperation.Disclose)
        {
            var tombstone = new Leaf(operation, seq, name.Origin, name.Id, vrev, Digest.Zero);
            return new ReceivedItem { Hash = tombstone.Hash(Ledger), Leaf = tombstone, Held = held };
        }

        var record = Record(number, (int)vrev);
        var leaf = new Leaf(operation, seq, name.Origin, name.Id, vrev, record.StatementHash);
        live.Add(name.Id, leaf.Hash(Ledger));
        return new ReceivedItem { Hash = leaf.Hash(Ledger), Leaf = leaf, Held = held, Record = record };
    }

    private static ReceivedRecord Record(int number, int vrev)
    {
        var name = Name(number);
        byte[] value = [];
        var commitment = PartCommitment.Compute(name.Origin, name.Id, 0, StoreRecords.NowMs, 9, value);
        var part = new ShapePart(0, StoreRecords.NowMs, commitment, 1, 0, 1, 0, 0, null, []);
        var key = StoreRecords.KeyOf($"received {number}");
        var openings = Openings.Encode([new Opening(0, 9, value)]);
        var nonce = (byte)(number * 16 + vrev);
        return new ReceivedRecord
        {
            Kind = 2,
            Schema = 1,
            Status = RecordStatus.Live,
            Reason = null,
            Attributes = new RecordAttributes
            {
                Marking = 1,
                State = 1,
                Severity = null,
                Availability = null,
                Language = "en",
                Title = TitleOf(number),
                IssuedMs = null,
                Topics = [],
            },
            Shape = new RecordShape { ReleaseMs = 0, Audience = [], Topics = [], State = 1, Parts = [part] }.Encode(),
            Body = BodyBox.Seal(key, span => span.Fill(nonce), name, vrev, openings, []),
            DataKey = key,
            StatementSignature = [],
            StatementHash = Digest.Sha256(Statement.Encode(name.Origin, name.Id, 2, 1, [new StatementPart(0, StoreRecords.NowMs, commitment)])),
            References = [],
        };
    }
}
