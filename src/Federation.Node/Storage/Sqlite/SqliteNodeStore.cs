using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using SQLitePCL;

namespace Federation.Node.Storage.Sqlite;

/// <summary>The embedded store: one SQLite database in WAL mode, one writer with group commit, readers with short transactions.</summary>
internal sealed class SqliteNodeStore : INodeStore
{
    private const int WriterCacheKiB = 65536;

    private readonly string path;

    private readonly SqliteWriter writer;

    private readonly SqliteReaders readers;

    private readonly string boot;

    // The last change number when this life of the process began.
    private readonly long openedAtN;

    private SqliteNodeStore(string path, SqliteWriter writer, SqliteReaders readers, string boot)
    {
        this.path = path;
        this.writer = writer;
        this.readers = readers;
        this.boot = boot;
        openedAtN = writer.LastChangedN;
    }

    public long GuardCounter => writer.GuardCounter;

    public long LastChangedN => writer.LastChangedN;

    /// <summary>Opens or makes the database and takes the migrations it lacks.</summary>
    /// <param name="path">The database file; the directory exists.</param>
    /// <param name="boot">Names this life of the process; never used before.</param>
    /// <param name="failFast">Called once the store can't be trusted any more; it ends the process.</param>
    public static SqliteNodeStore Open(string path, string boot, Action<Exception> failFast)
    {
        Initialize();
        CreatePrivately(path);
        var unclean = SqliteIntegrity.EndedUncleanly(path);
        var session = unclean ? SqliteIntegrity.Open(path, WriterCacheKiB) : SqliteSession.Open(path, WriterCacheKiB);
        try
        {
            if (unclean)
                SqliteIntegrity.Check(session, path);
            SqliteSchema.Migrate(session);
        }
        catch (StoreFaultException)
        {
            session.Dispose();
            throw;
        }

        // What an erasure left in the log before the process ended goes before anything else happens.
        Truncate(session);
        return new SqliteNodeStore(path, new SqliteWriter(session, failFast), new SqliteReaders(path, failFast), boot);
    }

    public Task WaitForChangeAsync(long afterChangedN, CancellationToken cancellationToken) => writer.WaitForChangeAsync(afterChangedN, cancellationToken);

    public Task<NodeSnapshot> ReadNodeAsync(CancellationToken cancellationToken) => readers.ReadAsync(s => NodeRows.Read(s, boot), cancellationToken);

    public Task<IReadOnlyList<RecordCount>> CountRecordsAsync(CancellationToken cancellationToken) => readers.ReadAsync(NodeRows.ReadCounts, cancellationToken);

    public Task<WriteOutcome> WriteRecordAsync(RecordWrite write, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => RecordWriting.Write(s, write), cancellationToken);

    public Task<WriteOutcome> EraseRecordAsync(RecordName name, int expectedVersion, long nowMs, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => RecordWriting.Erase(s, name, expectedVersion, nowMs), cancellationToken);

    public Task<IReadOnlyList<StoredRecord>> ReadRecordAsync(RecordName name, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => RecordRows.ReadByName(s, name), cancellationToken);

    public Task<IReadOnlyList<InstituteId>> FindOriginsAsync(RecordId id, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => RecordRows.FindOrigins(s, id), cancellationToken);

    public Task<IReadOnlyList<RevisionNote>> ReadHistoryAsync(long rec, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => RecordRows.ReadHistory(s, rec), cancellationToken);

    public Task<ImportMatch?> FindImportAsync(ImportKey key, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => RecordRows.FindImport(s, key), cancellationToken);

    public Task<RecordPage> QueryRecordsAsync(RecordQuery query, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => QueryRows.Read(s, query), cancellationToken);

    public Task<PendingWork> ReadPendingAsync(
        long afterN, long upToN, long nowMs, IReadOnlyList<long> named, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => PendingRows.Read(s, afterN, upToN, nowMs, named), cancellationToken);

    public Task<ReconcileSnapshot> ReadReconcileAsync(int partner, IReadOnlyList<long> recs, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => ReconcileRows.Read(s, partner, recs), cancellationToken);

    public Task<IReadOnlyList<(long Target, long Rec)>> ReadReferrersAsync(IReadOnlyList<long> targets, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => ReconcileRows.ReadReferrers(s, targets), cancellationToken);

    public Task<bool> AppendDisclosuresAsync(DisclosureBatch batch, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => DisclosureWriting.Append(s, batch, boot), cancellationToken);

    public Task<bool> PruneAsync(int partner, long beforeMs, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => PruneWriting.Prune(s, partner, beforeMs), cancellationToken);

    public Task<LedgerHead?> ReadHeadAsync(int partner, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => LedgerRows.ReadHeads(s, partner, boot).FirstOrDefault(), cancellationToken);

    public Task<LedgerStretch> VisitLedgerAsync(
        int partner, ulong fromSeq, int maxEntries, bool withBodies, Func<LedgerStretch, StretchEntry?, bool> visit, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => LedgerRows.VisitStretch(s, partner, fromSeq, maxEntries, withBodies, visit, boot), cancellationToken);

    public Task<(IReadOnlyList<byte[]?> Tiles, IReadOnlyList<LedgerEntryName> Tail)> ReadTreeAsync(
        int partner, IReadOnlyList<(int Level, long Index)> tiles, ulong tailFrom, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => LedgerRows.ReadTree(s, partner, tiles, tailFrom), cancellationToken);

    public Task<LedgerHead> ConfirmContactAsync(int partner, long term, bool following, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => LedgerRows.Confirm(s, partner, term, following, boot), cancellationToken);

    public Task BeginRecoveryAsync(int partner, ulong size, long term, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => LedgerRows.BeginRecovery(s, partner, size, term, openedAtN), cancellationToken);

    public Task<IReadOnlyList<ReconcileCandidate?>> ReadNamedAsync(int partner, IReadOnlyList<RecordName> names, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => ReconcileRows.ReadNamed(s, partner, names), cancellationToken);

    public Task<RecoveryOutcome?> RecoverLedgerAsync(LedgerRecovery recovery, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => RecoveryWriting.Recover(s, recovery), cancellationToken);

    public Task NoteRegressionAsync(int partner, ulong size, long nowMs, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => LedgerRows.NoteRegression(s, partner, size, nowMs), cancellationToken);

    public Task SaveReceiptAsync(int partner, Receipt receipt, byte[] payload, byte[] signature, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            s =>
            {
                LedgerRows.SaveReceipt(s, partner, receipt, payload, signature);
                return true;
            },
            cancellationToken);

    public Task<(byte[] Payload, byte[] Signature)?> ReadReceiptAsync(int partner, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => LedgerRows.ReadReceipt(s, partner), cancellationToken);

    public Task<(byte[] Payload, byte[] Signature)?> ReadReceiptAboveAsync(int partner, ulong size, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => LedgerRows.ReadReceiptAbove(s, partner, size), cancellationToken);

    public Task<StoredPartner?> SavePartnerAsync(PartnerWrite write, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => PartnerRows.Save(s, write), cancellationToken);

    public Task<bool> ResetLedgerAsync(LedgerResetWrite write, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => ResetRows.Begin(s, write), cancellationToken);

    public Task<bool> AcceptResetAsync(int partner, uint incarnation, long nowMs, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => ResetRows.Accept(s, partner, incarnation, nowMs), cancellationToken);

    public Task<long> ApplyPolicyAsync(PolicyWrite write, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => PolicyRows.Apply(s, write), cancellationToken);

    public Task<StoredGroup> SetGroupAsync(GroupWrite write, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => GroupRows.Set(s, write), cancellationToken);

    public Task<StoredCommunity> SetCommunityAsync(CommunityWrite write, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => CommunityRows.Set(s, write), cancellationToken);

    public Task<CommunityState> ReadCommunitiesAsync(CancellationToken cancellationToken) => readers.ReadAsync(CommunityRows.Read, cancellationToken);

    public Task<AnnouncementOutcome> SaveAnnouncementAsync(AnnouncementWrite write, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => CommunityRows.Announce(s, write), cancellationToken);

    public Task SaveOriginAsync(StoredOrigin origin, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => OnwardRows.SaveOrigin(s, origin), cancellationToken);

    public Task<StoredOrigin?> ReadOriginAsync(InstituteId institute, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => OnwardRows.ReadOrigin(s, institute), cancellationToken);

    public Task<IReadOnlyList<InstituteId>> ReadForwardedOriginsAsync(int partner, bool inbound, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => OnwardRows.ReadForwardedOrigins(s, partner, inbound), cancellationToken);

    public Task<IReadOnlyList<OnwardHolder>?> ReadHoldersAsync(HolderQuery query, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => OnwardRows.ReadHolders(s, query), cancellationToken);

    public Task<IReadOnlyList<StoredPolicy>> ReadPoliciesAsync(int partner, long beforeEpoch, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => PolicyRows.Read(s, partner, beforeEpoch, limit), cancellationToken);

    public Task<IReadOnlyList<StoredGroup>> ReadMembershipsAsync(long upToNumber, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<StoredGroup>>(s => GroupRows.ReadUpTo(s, upToNumber), cancellationToken);

    public Task<IReadOnlyList<SelectedRecord>> SelectRecordsAsync(SelectionRequest request, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => SelectionRows.Read(s, request), cancellationToken);

    public Task<IReadOnlyList<DecidedEntry>> ReadEntriesAsync(int partner, ulong fromSeq, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => HistoryRows.Read(s, partner, fromSeq, limit), cancellationToken);

    public Task<IReadOnlyList<DecidedEntry>> ReadEntriesOfAsync(int partner, RecordName name, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => HistoryRows.ReadOf(s, partner, name, limit), cancellationToken);

    public Task<ArchivedDecision?> ReadDecisionAsync(int partner, ulong seq, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => HistoryRows.ReadArchive(s, partner, seq), cancellationToken);

    public Task<IReadOnlyList<PendingRemoval>> ReadRemovalsAsync(int partner, ulong fromSeq, long untilMs, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => HistoryRows.ReadRemovals(s, partner, fromSeq, untilMs, limit), cancellationToken);

    public Task<bool> AddClientAsync(StoredClient client, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => PartnerRows.AddClient(s, client), cancellationToken);

    public Task<bool> RemoveClientAsync(string name, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => PartnerRows.RemoveClient(s, name), cancellationToken);

    public Task SaveFollowAsync(FollowWrite write, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => FollowRows.Save(s, write), cancellationToken);

    public Task<IReadOnlyList<HeldRow?>> ReadHeldAsync(int partner, IReadOnlyList<RecordName> names, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => FollowRows.ReadHeld(s, partner, names), cancellationToken);

    public Task<IReadOnlyList<IReadOnlyList<StatedCopy>>> ReadStatedAsync(IReadOnlyList<RecordName> names, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => StatedRows.Read(s, names), cancellationToken);

    public Task<ApplyOutcome> ApplyBatchAsync(FollowerBatch batch, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => ApplyWriting.Apply(s, batch), cancellationToken);

    public Task<InboundStretch> ReadInboundAsync(int partner, ulong fromSeq, int maxEntries, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => FollowRows.ReadInbound(s, partner, fromSeq, maxEntries), cancellationToken);

    public Task<IReadOnlyList<ulong>> ReadLatestAsync(int partner, ulong fromSeq, ulong buckets, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => LedgerRows.ReadLatest(s, partner, fromSeq, buckets, limit), cancellationToken);

    public Task<LiveHeldPage> ReadLiveHeldAsync(int partner, long afterRec, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => RepairRows.ReadLive(s, partner, afterRec), cancellationToken);

    public Task<HeldPiece> ReadPieceAsync(int partner, ulong seq, RecordName name, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => RepairRows.Read(s, partner, seq, name), cancellationToken);

    public Task<bool> RepairAsync(RepairBatch batch, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => RepairRows.Write(s, batch), cancellationToken);

    public Task<IReadOnlyList<(ulong Seq, byte[] Bytes)>> ReadInboundRowsAsync(int partner, uint past, ulong fromSeq, int maxRows, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => ScrubRows.ReadInbound(s, partner, past, fromSeq, maxRows), cancellationToken);

    public Task<FollowRow?> ReadEndedAsync(int partner, uint incarnation, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => FollowRows.ReadEnded(s, partner, incarnation), cancellationToken);

    public Task<IReadOnlyList<ScrubProgress>> ReadScrubsAsync(CancellationToken cancellationToken) => readers.ReadAsync(ScrubRows.Read, cancellationToken);

    public Task SaveScrubAsync(ScrubProgress progress, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => ScrubRows.Save(s, progress), cancellationToken);

    public Task<bool> ScrubAsync(CancellationToken cancellationToken) => writer.WriteAsync(Truncate, cancellationToken, alone: true);

    public Task<long> SaveEvidenceAsync(EvidenceWrite write, CancellationToken cancellationToken) =>
        writer.WriteAsync(s => EvidenceRows.Save(s, write), cancellationToken);

    public Task<IReadOnlyList<StoredEvidence>> ReadEvidenceAsync(int? partner, long afterNumber, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(s => EvidenceRows.Read(s, partner, afterNumber, limit), cancellationToken);

    // Beside the pool of readers: a fault may be one of the disk that the copy goes to, and ends no process.
    public Task<BackupContent> BackUpAsync(string dataFile, string keysFile, Action<long, long> progress, CancellationToken cancellationToken) =>
        Task.Run(() => BackupWriting.Write(path, dataFile, keysFile, progress, cancellationToken), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        readers.Dispose();
        await writer.DisposeAsync();
    }

    /// <summary>
    /// What the kernel does when the process dies: closes every connection at once, so that its locks are free and what was not
    /// committed is gone. Nobody who waits for the store is told. For simulated crashes; a program stops by disposing.
    /// </summary>
    public void CloseAsKilled()
    {
        readers.Dispose();
        writer.CloseAsKilled();
    }

    // The pragma's first column says whether a reader was in the way.
    private static bool Truncate(SqliteSession session)
    {
        using var row = session.Use("PRAGMA wal_checkpoint(TRUNCATE)");
        return row.Step() && row.Int64(0) == 0;
    }

    /// <summary>Loads the library; harmless again.</summary>
    public static void Initialize() => Batteries_V2.Init();

    /// <summary>Makes an empty file, if there is none, that its owner alone can read from its first byte on: it is to hold data keys.</summary>
    public static void CreatePrivately(string path)
    {
        if (File.Exists(path))
            return;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
    }
}
