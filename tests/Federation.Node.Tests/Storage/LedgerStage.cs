using Federation.Node.Ledger;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Tests.Storage;

/// <summary>A partner and its ledger in a store under test; makes batches as the discloser would.</summary>
internal sealed class LedgerStage
{
    private LedgerStage(int partner) => Partner = partner;

    public int Partner { get; }

    public static PartnerWrite Card(InstituteId institute, bool share = true, bool follow = true) => new()
    {
        Institute = institute,
        Card = [1, 2, 3],
        RootFingerprint = Digest.Sha256(institute.ToBytes()),
        Share = share,
        Follow = follow,
        NewLedger = new LedgerId(77),
    };

    /// <summary>Adds a partner, by default the only one, with sharing and following turned on.</summary>
    public static async Task<LedgerStage> AddAsync(INodeStore store, CancellationToken cancellationToken, InstituteId? institute = null) =>
        new((await store.SavePartnerAsync(Card(institute ?? StoreRecords.Other), cancellationToken))!.Number);

    /// <summary>Appends one entry a record; false if the store refuses.</summary>
    public async Task<bool> AppendAsync(INodeStore store, LedgerOperation operation, IReadOnlyList<StoredRecord> records, CancellationToken cancellationToken) =>
        await store.AppendDisclosuresAsync(await BatchAsync(store, operation, records, cancellationToken), cancellationToken);

    /// <summary>The batch that appends one entry a record at the present end of the ledger.</summary>
    public async Task<DisclosureBatch> BatchAsync(
        INodeStore store, LedgerOperation operation, IReadOnlyList<StoredRecord> records, CancellationToken cancellationToken)
    {
        var head = (await store.ReadHeadAsync(Partner, cancellationToken))!;
        var tree = await LedgerTree.LoadAsync(store, head, cancellationToken);
        var entries = new List<LedgerEntry>();
        foreach (var record in records)
        {
            var previous = await ReadDisclosedAsync(store, record.Rec, cancellationToken);
            var hash = operation == LedgerOperation.Disclose ? StatementOf(record) : Digest.Zero;
            var entry = new LedgerEntry(tree.Size, (byte)operation, record.Rec, (previous?.Vrev ?? 0) + 1, hash);
            tree.Append(record.Name, entry, previous);
            entries.Add(entry);
        }

        var partner = (await store.ReadNodeAsync(cancellationToken)).Partners.Single(p => p.Number == Partner);
        var context = new DecisionContext(partner.PolicyEpoch, partner.Membership, StoreRecords.NowMs);
        var decisions = records.Select(r => new EntryDecision(-1, 0, r.Version, store.LastChangedN)).ToList();
        return Batch([tree.ToAppend(context, entries, decisions)], [.. records.Select(r => (r.Rec, r.ChangedN))]);
    }

    /// <summary>A batch that does only this.</summary>
    public static DisclosureBatch Batch(
        IReadOnlyList<PartnerAppend>? appends = null,
        IReadOnlyList<(long Rec, long ChangedN)>? judged = null,
        IReadOnlyList<(long AtMs, int Partner, long Rec)>? set = null,
        IReadOnlyList<(long AtMs, int Partner, long Rec)>? cleared = null,
        long? position = null,
        SweepProgress? sweep = null,
        IReadOnlyList<(int Partner, long Target)>? flipsDone = null,
        IReadOnlyList<(int Partner, long Target)>? flipsNoted = null) => new()
        {
            Appends = appends ?? [],
            Judged = judged ?? [],
            ViewSignatures = [],
            TimersSet = set ?? [],
            TimersCleared = cleared ?? [],
            Position = position,
            Sweep = sweep,
            FlipsDone = flipsDone ?? [],
            FlipsNoted = flipsNoted ?? [],
        };

    public async Task<DisclosedRow?> ReadDisclosedAsync(INodeStore store, long rec, CancellationToken cancellationToken)
    {
        var rows = (await store.ReadReconcileAsync(Partner, [rec], cancellationToken)).Candidates.Single().Disclosed;
        return rows.Count == 0 ? null : rows[0];
    }

    // The statement over the envelope alone: what LedgerCheck can reproduce from the stored shape.
    private static Digest StatementOf(StoredRecord record)
    {
        var envelope = RecordShape.Decode(record.Shape).Parts[0];
        var part = new Protocol.Statements.StatementPart(0, envelope.ChangedMs, envelope.Commitment);
        return Digest.Sha256(Protocol.Statements.Statement.Encode(record.Name.Origin, record.Name.Id, (ushort)record.Kind, envelope.Schema, [part]));
    }
}
