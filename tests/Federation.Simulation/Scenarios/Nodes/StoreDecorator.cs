using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>A store in front of another one; what derives from it changes what happens around each call, or one call.</summary>
internal abstract class StoreDecorator(INodeStore inner) : INodeStore
{
    public virtual long GuardCounter => inner.GuardCounter;

    public long LastChangedN => inner.LastChangedN;

    protected INodeStore Inner => inner;

    public Task WaitForChangeAsync(long afterChangedN, CancellationToken cancellationToken) => inner.WaitForChangeAsync(afterChangedN, cancellationToken);

    public Task<NodeSnapshot> ReadNodeAsync(CancellationToken cancellationToken) => ReadAsync(() => inner.ReadNodeAsync(cancellationToken));

    public Task<IReadOnlyList<RecordCount>> CountRecordsAsync(CancellationToken cancellationToken) => ReadAsync(() => inner.CountRecordsAsync(cancellationToken));

    public Task<StoredCommunity> SetCommunityAsync(CommunityWrite write, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.SetCommunityAsync(write, cancellationToken));

    public Task<CommunityState> ReadCommunitiesAsync(CancellationToken cancellationToken) => ReadAsync(() => inner.ReadCommunitiesAsync(cancellationToken));

    public Task<AnnouncementOutcome> SaveAnnouncementAsync(AnnouncementWrite write, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.SaveAnnouncementAsync(write, cancellationToken));

    public Task SaveOriginAsync(StoredOrigin origin, CancellationToken cancellationToken) => WriteAsync(
        async () =>
        {
            await inner.SaveOriginAsync(origin, cancellationToken);
            return true;
        });

    public Task<StoredOrigin?> ReadOriginAsync(InstituteId institute, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadOriginAsync(institute, cancellationToken));

    public Task<IReadOnlyList<InstituteId>> ReadForwardedOriginsAsync(int partner, bool inbound, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadForwardedOriginsAsync(partner, inbound, cancellationToken));

    public Task<IReadOnlyList<OnwardHolder>?> ReadHoldersAsync(HolderQuery query, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadHoldersAsync(query, cancellationToken));

    public virtual Task<WriteOutcome> WriteRecordAsync(RecordWrite write, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.WriteRecordAsync(write, cancellationToken));

    public Task<WriteOutcome> EraseRecordAsync(RecordName name, int expectedVersion, long nowMs, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.EraseRecordAsync(name, expectedVersion, nowMs, cancellationToken));

    public Task<IReadOnlyList<StoredRecord>> ReadRecordAsync(RecordName name, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadRecordAsync(name, cancellationToken));

    public Task<IReadOnlyList<InstituteId>> FindOriginsAsync(RecordId id, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.FindOriginsAsync(id, cancellationToken));

    public Task<IReadOnlyList<RevisionNote>> ReadHistoryAsync(long rec, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadHistoryAsync(rec, cancellationToken));

    public Task<ImportMatch?> FindImportAsync(ImportKey key, CancellationToken cancellationToken) => ReadAsync(() => inner.FindImportAsync(key, cancellationToken));

    public Task<RecordPage> QueryRecordsAsync(RecordQuery query, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.QueryRecordsAsync(query, cancellationToken));

    public virtual Task<ReconcileSnapshot> ReadReconcileAsync(int partner, IReadOnlyList<long> recs, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadReconcileAsync(partner, recs, cancellationToken));

    public Task<IReadOnlyList<(long Target, long Rec)>> ReadReferrersAsync(IReadOnlyList<long> targets, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadReferrersAsync(targets, cancellationToken));

    public virtual Task<bool> AppendDisclosuresAsync(DisclosureBatch batch, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.AppendDisclosuresAsync(batch, cancellationToken));

    public Task<StoredGroup> SetGroupAsync(GroupWrite write, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.SetGroupAsync(write, cancellationToken));

    public Task<PendingWork> ReadPendingAsync(
        long afterN, long upToN, long nowMs, IReadOnlyList<long> named, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadPendingAsync(afterN, upToN, nowMs, named, cancellationToken));

    public Task<IReadOnlyList<StoredPolicy>> ReadPoliciesAsync(int partner, long beforeEpoch, int limit, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadPoliciesAsync(partner, beforeEpoch, limit, cancellationToken));

    public Task<IReadOnlyList<StoredGroup>> ReadMembershipsAsync(long upToNumber, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadMembershipsAsync(upToNumber, cancellationToken));

    public Task<IReadOnlyList<SelectedRecord>> SelectRecordsAsync(SelectionRequest request, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.SelectRecordsAsync(request, cancellationToken));

    public Task<IReadOnlyList<DecidedEntry>> ReadEntriesAsync(int partner, ulong fromSeq, int limit, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadEntriesAsync(partner, fromSeq, limit, cancellationToken));

    public Task<IReadOnlyList<DecidedEntry>> ReadEntriesOfAsync(int partner, RecordName name, int limit, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadEntriesOfAsync(partner, name, limit, cancellationToken));

    public Task<ArchivedDecision?> ReadDecisionAsync(int partner, ulong seq, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadDecisionAsync(partner, seq, cancellationToken));

    public Task<IReadOnlyList<PendingRemoval>> ReadRemovalsAsync(int partner, ulong fromSeq, long untilMs, int limit, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadRemovalsAsync(partner, fromSeq, untilMs, limit, cancellationToken));

    public Task<bool> PruneAsync(int partner, long beforeMs, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.PruneAsync(partner, beforeMs, cancellationToken));

    public Task<LedgerHead?> ReadHeadAsync(int partner, CancellationToken cancellationToken) => ReadAsync(() => inner.ReadHeadAsync(partner, cancellationToken));

    public Task<LedgerStretch> VisitLedgerAsync(
        int partner, ulong fromSeq, int maxEntries, bool withBodies, Func<LedgerStretch, StretchEntry?, bool> visit, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.VisitLedgerAsync(partner, fromSeq, maxEntries, withBodies, visit, cancellationToken));

    public Task<(IReadOnlyList<byte[]?> Tiles, IReadOnlyList<LedgerEntryName> Tail)> ReadTreeAsync(
        int partner, IReadOnlyList<(int Level, long Index)> tiles, ulong tailFrom, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadTreeAsync(partner, tiles, tailFrom, cancellationToken));

    public Task<LedgerHead> ConfirmContactAsync(int partner, long term, bool following, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.ConfirmContactAsync(partner, term, following, cancellationToken));

    public Task BeginRecoveryAsync(int partner, ulong size, long term, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.BeginRecoveryAsync(partner, size, term, cancellationToken));

    public Task<IReadOnlyList<ReconcileCandidate?>> ReadNamedAsync(int partner, IReadOnlyList<RecordName> names, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadNamedAsync(partner, names, cancellationToken));

    public virtual Task<RecoveryOutcome?> RecoverLedgerAsync(LedgerRecovery recovery, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.RecoverLedgerAsync(recovery, cancellationToken));

    public Task NoteRegressionAsync(int partner, ulong size, long nowMs, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.NoteRegressionAsync(partner, size, nowMs, cancellationToken));

    public Task SaveReceiptAsync(int partner, Receipt receipt, byte[] payload, byte[] signature, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.SaveReceiptAsync(partner, receipt, payload, signature, cancellationToken));

    public Task<(byte[] Payload, byte[] Signature)?> ReadReceiptAsync(int partner, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadReceiptAsync(partner, cancellationToken));

    public Task<(byte[] Payload, byte[] Signature)?> ReadReceiptAboveAsync(int partner, ulong size, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadReceiptAboveAsync(partner, size, cancellationToken));

    public Task<StoredPartner?> SavePartnerAsync(PartnerWrite write, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.SavePartnerAsync(write, cancellationToken));

    public Task<long> ApplyPolicyAsync(PolicyWrite write, CancellationToken cancellationToken) => WriteAsync(() => inner.ApplyPolicyAsync(write, cancellationToken));

    public Task<bool> AddClientAsync(StoredClient client, CancellationToken cancellationToken) => WriteAsync(() => inner.AddClientAsync(client, cancellationToken));

    public Task<bool> RemoveClientAsync(string name, CancellationToken cancellationToken) => WriteAsync(() => inner.RemoveClientAsync(name, cancellationToken));

    public Task SaveFollowAsync(FollowWrite write, CancellationToken cancellationToken) => WriteAsync(() => inner.SaveFollowAsync(write, cancellationToken));

    public Task<IReadOnlyList<HeldRow?>> ReadHeldAsync(int partner, IReadOnlyList<RecordName> names, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadHeldAsync(partner, names, cancellationToken));

    public virtual Task<ApplyOutcome> ApplyBatchAsync(FollowerBatch batch, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.ApplyBatchAsync(batch, cancellationToken));

    public Task<InboundStretch> ReadInboundAsync(int partner, ulong fromSeq, int maxEntries, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadInboundAsync(partner, fromSeq, maxEntries, cancellationToken));

    public Task<IReadOnlyList<ulong>> ReadLatestAsync(int partner, ulong fromSeq, ulong buckets, int limit, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadLatestAsync(partner, fromSeq, buckets, limit, cancellationToken));

    public Task<LiveHeldPage> ReadLiveHeldAsync(int partner, long afterRec, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadLiveHeldAsync(partner, afterRec, cancellationToken));

    public Task<HeldPiece> ReadPieceAsync(int partner, ulong seq, RecordName name, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadPieceAsync(partner, seq, name, cancellationToken));

    public Task<bool> RepairAsync(RepairBatch batch, CancellationToken cancellationToken) => WriteAsync(() => inner.RepairAsync(batch, cancellationToken));

    public Task<IReadOnlyList<(ulong Seq, byte[] Bytes)>> ReadInboundRowsAsync(int partner, uint past, ulong fromSeq, int maxRows, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadInboundRowsAsync(partner, past, fromSeq, maxRows, cancellationToken));

    public Task<IReadOnlyList<IReadOnlyList<StatedCopy>>> ReadStatedAsync(IReadOnlyList<RecordName> names, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadStatedAsync(names, cancellationToken));

    public Task<FollowRow?> ReadEndedAsync(int partner, uint incarnation, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadEndedAsync(partner, incarnation, cancellationToken));

    public Task<IReadOnlyList<ScrubProgress>> ReadScrubsAsync(CancellationToken cancellationToken) => ReadAsync(() => inner.ReadScrubsAsync(cancellationToken));

    public Task SaveScrubAsync(ScrubProgress progress, CancellationToken cancellationToken) => WriteAsync(() => inner.SaveScrubAsync(progress, cancellationToken));

    public Task<bool> ScrubAsync(CancellationToken cancellationToken) => WriteAsync(() => inner.ScrubAsync(cancellationToken));

    public Task<long> SaveEvidenceAsync(EvidenceWrite write, CancellationToken cancellationToken) => WriteAsync(() => inner.SaveEvidenceAsync(write, cancellationToken));

    public Task<IReadOnlyList<StoredEvidence>> ReadEvidenceAsync(int? partner, long afterNumber, int limit, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.ReadEvidenceAsync(partner, afterNumber, limit, cancellationToken));

    public Task<bool> ResetLedgerAsync(LedgerResetWrite write, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.ResetLedgerAsync(write, cancellationToken));

    public Task<bool> AcceptResetAsync(int partner, uint incarnation, long nowMs, CancellationToken cancellationToken) =>
        WriteAsync(() => inner.AcceptResetAsync(partner, incarnation, nowMs, cancellationToken));

    public Task<BackupContent> BackUpAsync(string dataFile, string keysFile, Action<long, long> progress, CancellationToken cancellationToken) =>
        ReadAsync(() => inner.BackUpAsync(dataFile, keysFile, progress, cancellationToken));

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    /// <summary>Surrounds a reading call.</summary>
    protected virtual Task<T> ReadAsync<T>(Func<Task<T>> call) => call();

    /// <summary>Surrounds a writing call.</summary>
    protected virtual Task<T> WriteAsync<T>(Func<Task<T>> call) => call();

    private Task<bool> WriteAsync(Func<Task> call) => WriteAsync(async () =>
    {
        await call();
        return true;
    });
}
