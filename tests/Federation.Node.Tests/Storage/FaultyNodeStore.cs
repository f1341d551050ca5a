using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Tests.Storage;

/// <summary>
/// A store whose writes fail on order: of one method, at its n-th call, before or after the store took it. After a fault that ends the
/// process no call succeeds any more, as after a real one.
/// </summary>
internal sealed class FaultyNodeStore(INodeStore inner) : INodeStore
{
    private readonly TaskCompletionSource died = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Lock gate = new();

    // Guarded by the gate.
    private (string Method, int Call, StoreFault Fault)? order;

    private int calls;

    private bool happened;

    /// <summary>Completes when the ordered fault has ended the process.</summary>
    public Task Died => died.Task;

    /// <summary>Whether the ordered fault has happened.</summary>
    public bool Happened
    {
        get => Volatile.Read(ref happened) || died.Task.IsCompleted;
        private set => Volatile.Write(ref happened, value);
    }

    /// <summary>Called with each batch before the store sees it; what it does happens while the discloser waits.</summary>
    public Func<DisclosureBatch, Task>? BeforeAppend { get; set; }

    public long GuardCounter => inner.GuardCounter;

    public long LastChangedN => inner.LastChangedN;

    /// <summary>Orders a fault of a writing method at its n-th call from now, counted from 1.</summary>
    public void Order(string method, int call, StoreFault fault)
    {
        lock (gate)
        {
            order = (method, call, fault);
            calls = 0;
            Happened = false;
        }
    }

    public Task WaitForChangeAsync(long afterChangedN, CancellationToken cancellationToken) => inner.WaitForChangeAsync(afterChangedN, cancellationToken);

    public Task<NodeSnapshot> ReadNodeAsync(CancellationToken cancellationToken) => Read(() => inner.ReadNodeAsync(cancellationToken));

    public Task<IReadOnlyList<RecordCount>> CountRecordsAsync(CancellationToken cancellationToken) => Read(() => inner.CountRecordsAsync(cancellationToken));

    public Task<StoredCommunity> SetCommunityAsync(CommunityWrite write, CancellationToken cancellationToken) =>
        Write(nameof(SetCommunityAsync), () => inner.SetCommunityAsync(write, cancellationToken));

    public Task<CommunityState> ReadCommunitiesAsync(CancellationToken cancellationToken) => Read(() => inner.ReadCommunitiesAsync(cancellationToken));

    public Task<AnnouncementOutcome> SaveAnnouncementAsync(AnnouncementWrite write, CancellationToken cancellationToken) =>
        Write(nameof(SaveAnnouncementAsync), () => inner.SaveAnnouncementAsync(write, cancellationToken));

    public Task SaveOriginAsync(StoredOrigin origin, CancellationToken cancellationToken) => Write(
        nameof(SaveOriginAsync),
        async () =>
        {
            await inner.SaveOriginAsync(origin, cancellationToken);
            return true;
        });

    public Task<StoredOrigin?> ReadOriginAsync(InstituteId institute, CancellationToken cancellationToken) =>
        Read(() => inner.ReadOriginAsync(institute, cancellationToken));

    public Task<IReadOnlyList<InstituteId>> ReadForwardedOriginsAsync(int partner, bool inbound, CancellationToken cancellationToken) =>
        Read(() => inner.ReadForwardedOriginsAsync(partner, inbound, cancellationToken));

    public Task<IReadOnlyList<OnwardHolder>?> ReadHoldersAsync(HolderQuery query, CancellationToken cancellationToken) =>
        Read(() => inner.ReadHoldersAsync(query, cancellationToken));

    public Task<WriteOutcome> WriteRecordAsync(RecordWrite write, CancellationToken cancellationToken) =>
        Write(nameof(WriteRecordAsync), () => inner.WriteRecordAsync(write, cancellationToken));

    public Task<WriteOutcome> EraseRecordAsync(RecordName name, int expectedVersion, long nowMs, CancellationToken cancellationToken) =>
        Write(nameof(EraseRecordAsync), () => inner.EraseRecordAsync(name, expectedVersion, nowMs, cancellationToken));

    public Task<IReadOnlyList<StoredRecord>> ReadRecordAsync(RecordName name, CancellationToken cancellationToken) =>
        Read(() => inner.ReadRecordAsync(name, cancellationToken));

    public Task<IReadOnlyList<InstituteId>> FindOriginsAsync(RecordId id, CancellationToken cancellationToken) =>
        Read(() => inner.FindOriginsAsync(id, cancellationToken));

    public Task<IReadOnlyList<RevisionNote>> ReadHistoryAsync(long rec, CancellationToken cancellationToken) =>
        Read(() => inner.ReadHistoryAsync(rec, cancellationToken));

    public Task<ImportMatch?> FindImportAsync(ImportKey key, CancellationToken cancellationToken) => Read(() => inner.FindImportAsync(key, cancellationToken));

    public Task<RecordPage> QueryRecordsAsync(RecordQuery query, CancellationToken cancellationToken) =>
        Read(() => inner.QueryRecordsAsync(query, cancellationToken));

    public Task<ReconcileSnapshot> ReadReconcileAsync(int partner, IReadOnlyList<long> recs, CancellationToken cancellationToken) =>
        Read(() => inner.ReadReconcileAsync(partner, recs, cancellationToken));

    public Task<IReadOnlyList<(long Target, long Rec)>> ReadReferrersAsync(IReadOnlyList<long> targets, CancellationToken cancellationToken) =>
        Read(() => inner.ReadReferrersAsync(targets, cancellationToken));

    public Task<bool> AppendDisclosuresAsync(DisclosureBatch batch, CancellationToken cancellationToken) =>
        Write(nameof(AppendDisclosuresAsync), async () =>
        {
            await (BeforeAppend?.Invoke(batch) ?? Task.CompletedTask);
            return await inner.AppendDisclosuresAsync(batch, cancellationToken);
        });

    public Task<StoredGroup> SetGroupAsync(GroupWrite write, CancellationToken cancellationToken) =>
        Write(nameof(SetGroupAsync), () => inner.SetGroupAsync(write, cancellationToken));

    public Task<PendingWork> ReadPendingAsync(
        long afterN, long upToN, long nowMs, IReadOnlyList<long> named, CancellationToken cancellationToken) =>
        Read(() => inner.ReadPendingAsync(afterN, upToN, nowMs, named, cancellationToken));

    public Task<IReadOnlyList<StoredPolicy>> ReadPoliciesAsync(int partner, long beforeEpoch, int limit, CancellationToken cancellationToken) =>
        Read(() => inner.ReadPoliciesAsync(partner, beforeEpoch, limit, cancellationToken));

    public Task<IReadOnlyList<StoredGroup>> ReadMembershipsAsync(long upToNumber, CancellationToken cancellationToken) =>
        Read(() => inner.ReadMembershipsAsync(upToNumber, cancellationToken));

    public Task<IReadOnlyList<SelectedRecord>> SelectRecordsAsync(SelectionRequest request, CancellationToken cancellationToken) =>
        Read(() => inner.SelectRecordsAsync(request, cancellationToken));

    public Task<IReadOnlyList<DecidedEntry>> ReadEntriesAsync(int partner, ulong fromSeq, int limit, CancellationToken cancellationToken) =>
        Read(() => inner.ReadEntriesAsync(partner, fromSeq, limit, cancellationToken));

    public Task<IReadOnlyList<DecidedEntry>> ReadEntriesOfAsync(int partner, RecordName name, int limit, CancellationToken cancellationToken) =>
        Read(() => inner.ReadEntriesOfAsync(partner, name, limit, cancellationToken));

    public Task<ArchivedDecision?> ReadDecisionAsync(int partner, ulong seq, CancellationToken cancellationToken) =>
        Read(() => inner.ReadDecisionAsync(partner, seq, cancellationToken));

    public Task<IReadOnlyList<PendingRemoval>> ReadRemovalsAsync(int partner, ulong fromSeq, long untilMs, int limit, CancellationToken cancellationToken) =>
        Read(() => inner.ReadRemovalsAsync(partner, fromSeq, untilMs, limit, cancellationToken));

    public Task<bool> PruneAsync(int partner, long beforeMs, CancellationToken cancellationToken) =>
        Write(nameof(PruneAsync), () => inner.PruneAsync(partner, beforeMs, cancellationToken));

    public Task<LedgerHead?> ReadHeadAsync(int partner, CancellationToken cancellationToken) => Read(() => inner.ReadHeadAsync(partner, cancellationToken));

    public Task<LedgerStretch> VisitLedgerAsync(
        int partner, ulong fromSeq, int maxEntries, bool withBodies, Func<LedgerStretch, StretchEntry?, bool> visit, CancellationToken cancellationToken) =>
        Read(() => inner.VisitLedgerAsync(partner, fromSeq, maxEntries, withBodies, visit, cancellationToken));

    public Task<(IReadOnlyList<byte[]?> Tiles, IReadOnlyList<LedgerEntryName> Tail)> ReadTreeAsync(
        int partner, IReadOnlyList<(int Level, long Index)> tiles, ulong tailFrom, CancellationToken cancellationToken) =>
        Read(() => inner.ReadTreeAsync(partner, tiles, tailFrom, cancellationToken));

    public Task<LedgerHead> ConfirmContactAsync(int partner, long term, bool following, CancellationToken cancellationToken) =>
        Write(nameof(ConfirmContactAsync), () => inner.ConfirmContactAsync(partner, term, following, cancellationToken));

    public Task BeginRecoveryAsync(int partner, ulong size, long term, CancellationToken cancellationToken) =>
        Write(nameof(BeginRecoveryAsync), () => inner.BeginRecoveryAsync(partner, size, term, cancellationToken));

    public Task<IReadOnlyList<ReconcileCandidate?>> ReadNamedAsync(int partner, IReadOnlyList<RecordName> names, CancellationToken cancellationToken) =>
        Read(() => inner.ReadNamedAsync(partner, names, cancellationToken));

    public Task<RecoveryOutcome?> RecoverLedgerAsync(LedgerRecovery recovery, CancellationToken cancellationToken) =>
        Write(nameof(RecoverLedgerAsync), () => inner.RecoverLedgerAsync(recovery, cancellationToken));

    public Task NoteRegressionAsync(int partner, ulong size, long nowMs, CancellationToken cancellationToken) =>
        Write(nameof(NoteRegressionAsync), () => inner.NoteRegressionAsync(partner, size, nowMs, cancellationToken));

    public Task SaveReceiptAsync(int partner, Receipt receipt, byte[] payload, byte[] signature, CancellationToken cancellationToken) =>
        Write(nameof(SaveReceiptAsync), () => inner.SaveReceiptAsync(partner, receipt, payload, signature, cancellationToken));

    public Task<(byte[] Payload, byte[] Signature)?> ReadReceiptAsync(int partner, CancellationToken cancellationToken) =>
        Read(() => inner.ReadReceiptAsync(partner, cancellationToken));

    public Task<(byte[] Payload, byte[] Signature)?> ReadReceiptAboveAsync(int partner, ulong size, CancellationToken cancellationToken) =>
        Read(() => inner.ReadReceiptAboveAsync(partner, size, cancellationToken));

    public Task<StoredPartner?> SavePartnerAsync(PartnerWrite write, CancellationToken cancellationToken) =>
        Write(nameof(SavePartnerAsync), () => inner.SavePartnerAsync(write, cancellationToken));

    public Task<long> ApplyPolicyAsync(PolicyWrite write, CancellationToken cancellationToken) =>
        Write(nameof(ApplyPolicyAsync), () => inner.ApplyPolicyAsync(write, cancellationToken));

    public Task<bool> AddClientAsync(StoredClient client, CancellationToken cancellationToken) =>
        Write(nameof(AddClientAsync), () => inner.AddClientAsync(client, cancellationToken));

    public Task<bool> RemoveClientAsync(string name, CancellationToken cancellationToken) =>
        Write(nameof(RemoveClientAsync), () => inner.RemoveClientAsync(name, cancellationToken));

    public Task SaveFollowAsync(FollowWrite write, CancellationToken cancellationToken) =>
        Write(nameof(SaveFollowAsync), () => inner.SaveFollowAsync(write, cancellationToken));

    public Task<IReadOnlyList<HeldRow?>> ReadHeldAsync(int partner, IReadOnlyList<RecordName> names, CancellationToken cancellationToken) =>
        Read(() => inner.ReadHeldAsync(partner, names, cancellationToken));

    public Task<IReadOnlyList<IReadOnlyList<StatedCopy>>> ReadStatedAsync(IReadOnlyList<RecordName> names, CancellationToken cancellationToken) =>
        Read(() => inner.ReadStatedAsync(names, cancellationToken));

    public Task<ApplyOutcome> ApplyBatchAsync(FollowerBatch batch, CancellationToken cancellationToken) =>
        Write(nameof(ApplyBatchAsync), () => inner.ApplyBatchAsync(batch, cancellationToken));

    public Task<InboundStretch> ReadInboundAsync(int partner, ulong fromSeq, int maxEntries, CancellationToken cancellationToken) =>
        Read(() => inner.ReadInboundAsync(partner, fromSeq, maxEntries, cancellationToken));

    public Task<IReadOnlyList<ulong>> ReadLatestAsync(int partner, ulong fromSeq, ulong buckets, int limit, CancellationToken cancellationToken) =>
        Read(() => inner.ReadLatestAsync(partner, fromSeq, buckets, limit, cancellationToken));

    public Task<LiveHeldPage> ReadLiveHeldAsync(int partner, long afterRec, CancellationToken cancellationToken) =>
        Read(() => inner.ReadLiveHeldAsync(partner, afterRec, cancellationToken));

    public Task<HeldPiece> ReadPieceAsync(int partner, ulong seq, RecordName name, CancellationToken cancellationToken) =>
        Read(() => inner.ReadPieceAsync(partner, seq, name, cancellationToken));

    public Task<bool> RepairAsync(RepairBatch batch, CancellationToken cancellationToken) => Write(nameof(RepairAsync), () => inner.RepairAsync(batch, cancellationToken));

    public Task<IReadOnlyList<(ulong Seq, byte[] Bytes)>> ReadInboundRowsAsync(int partner, uint past, ulong fromSeq, int maxRows, CancellationToken cancellationToken) =>
        Read(() => inner.ReadInboundRowsAsync(partner, past, fromSeq, maxRows, cancellationToken));

    public Task<FollowRow?> ReadEndedAsync(int partner, uint incarnation, CancellationToken cancellationToken) =>
        Read(() => inner.ReadEndedAsync(partner, incarnation, cancellationToken));

    public Task<IReadOnlyList<ScrubProgress>> ReadScrubsAsync(CancellationToken cancellationToken) => Read(() => inner.ReadScrubsAsync(cancellationToken));

    public Task SaveScrubAsync(ScrubProgress progress, CancellationToken cancellationToken) =>
        Write(nameof(SaveScrubAsync), () => inner.SaveScrubAsync(progress, cancellationToken));

    public Task<bool> ScrubAsync(CancellationToken cancellationToken) => Write(nameof(ScrubAsync), () => inner.ScrubAsync(cancellationToken));

    public Task<long> SaveEvidenceAsync(EvidenceWrite write, CancellationToken cancellationToken) =>
        Write(nameof(SaveEvidenceAsync), () => inner.SaveEvidenceAsync(write, cancellationToken));

    public Task<IReadOnlyList<StoredEvidence>> ReadEvidenceAsync(int? partner, long afterNumber, int limit, CancellationToken cancellationToken) =>
        Read(() => inner.ReadEvidenceAsync(partner, afterNumber, limit, cancellationToken));

    public Task<bool> ResetLedgerAsync(LedgerResetWrite write, CancellationToken cancellationToken) =>
        Write(nameof(ResetLedgerAsync), () => inner.ResetLedgerAsync(write, cancellationToken));

    public Task<bool> AcceptResetAsync(int partner, uint incarnation, long nowMs, CancellationToken cancellationToken) =>
        Write(nameof(AcceptResetAsync), () => inner.AcceptResetAsync(partner, incarnation, nowMs, cancellationToken));

    public Task<BackupContent> BackUpAsync(string dataFile, string keysFile, Action<long, long> progress, CancellationToken cancellationToken) =>
        Read(() => inner.BackUpAsync(dataFile, keysFile, progress, cancellationToken));

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private Task<T> Read<T>(Func<Task<T>> read) => died.Task.IsCompleted ? Task.FromException<T>(Dead()) : read();

    private Task<bool> Write(string method, Func<Task> write) => Write(method, async () =>
    {
        await write();
        return true;
    });

    private async Task<T> Write<T>(string method, Func<Task<T>> write)
    {
        if (died.Task.IsCompleted)
            throw Dead();
        if (Take(method) is not { } fault)
            return await write();
        if (fault == StoreFault.FailedButPersisted)
            await write();
        if (fault != StoreFault.FailedAndNotPersisted)
            died.TrySetResult();
        // Last: whoever sees that it happened may rely on all the rest.
        Happened = true;
        throw fault == StoreFault.FailedAndNotPersisted ? new StoreFullException() : Dead();
    }

    private StoreFault? Take(string method)
    {
        lock (gate)
        {
            if (order is not { } ordered || ordered.Method != method || ++calls != ordered.Call)
                return null;
            order = null;
            return ordered.Fault;
        }
    }

    private static StoreFaultException Dead() => new("the process has ended");
}
