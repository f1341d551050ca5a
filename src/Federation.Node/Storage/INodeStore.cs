using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>
/// A node's durable state. Each method is one whole transaction; what it writes is durable when it returns, and nothing of it
/// is when it throws. A method that throws <see cref="StoreFullException"/> changed nothing and may be repeated.
/// </summary>
internal interface INodeStore : IAsyncDisposable
{
    /// <summary>Raised by every commit that touches an existing record or any policy, before the method that made it returns.</summary>
    long GuardCounter { get; }

    /// <summary>The highest change number that is committed.</summary>
    long LastChangedN { get; }

    /// <summary>Completes once a change number above the given one is committed. Writes nothing.</summary>
    Task WaitForChangeAsync(long afterChangedN, CancellationToken cancellationToken);

    /// <summary>Reads partners, clients, ledgers, followers and positions at one moment.</summary>
    Task<NodeSnapshot> ReadNodeAsync(CancellationToken cancellationToken);

    /// <summary>Counts records by source and status; looks at every record.</summary>
    Task<IReadOnlyList<RecordCount>> CountRecordsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Writes one own record with its change number, body, topics, references, history line and idempotency key. A repeat with the
    /// same key returns the first result.
    /// </summary>
    Task<WriteOutcome> WriteRecordAsync(RecordWrite write, CancellationToken cancellationToken);

    /// <summary>
    /// Destroys an own record's body, keys, view signatures, topics, references, history texts and archived facts; the row stays as erased.
    /// The bytes are out of the write-ahead log only after <see cref="ScrubAsync"/>, or the next opening. A repeat is harmless.
    /// </summary>
    Task<WriteOutcome> EraseRecordAsync(RecordName name, int expectedVersion, long nowMs, CancellationToken cancellationToken);

    /// <summary>Reads every copy of one record (own or received), with body and keys.</summary>
    Task<IReadOnlyList<StoredRecord>> ReadRecordAsync(RecordName name, CancellationToken cancellationToken);

    /// <summary>The originators of received records with this id that can be read.</summary>
    Task<IReadOnlyList<InstituteId>> FindOriginsAsync(RecordId id, CancellationToken cancellationToken);

    /// <summary>Reads the local history of an own record, oldest first.</summary>
    Task<IReadOnlyList<RevisionNote>> ReadHistoryAsync(long rec, CancellationToken cancellationToken);

    /// <summary>Finds what an earlier import left under the key; null if nothing did.</summary>
    Task<ImportMatch?> FindImportAsync(ImportKey key, CancellationToken cancellationToken);

    /// <summary>Reads a page of records in the order of change.</summary>
    Task<RecordPage> QueryRecordsAsync(RecordQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Reads which own records changed after one change number up to another, at most 50,000 at a time, with those that are named and those whose
    /// timers have come due by a moment, and the flips that are noted.
    /// </summary>
    Task<PendingWork> ReadPendingAsync(long afterN, long upToN, long nowMs, IReadOnlyList<long> named, CancellationToken cancellationToken);

    /// <summary>Reads own records by local number, and what is disclosed of them to one partner or, with 0, to any.</summary>
    Task<ReconcileSnapshot> ReadReconcileAsync(int partner, IReadOnlyList<long> recs, CancellationToken cancellationToken);

    /// <summary>Reads which own records refer to which of the given ones, by local number.</summary>
    Task<IReadOnlyList<(long Target, long Rec)>> ReadReferrersAsync(IReadOnlyList<long> targets, CancellationToken cancellationToken);

    /// <summary>
    /// Appends to ledgers, or does nothing and returns false if a size, epoch or change number in the store is another than the batch
    /// was judged by. Repeating a refused batch is useless: read again.
    /// </summary>
    Task<bool> AppendDisclosuresAsync(DisclosureBatch batch, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes rows of a partner's ledger that were superseded before a moment, by entries whose tile the partner has receipted whole: the tiles
    /// still prove them. Goes on where it ended; returns whether there may be more. A repeat is harmless.
    /// </summary>
    Task<bool> PruneAsync(int partner, long beforeMs, CancellationToken cancellationToken);

    /// <summary>Reads the state of the ledger for one partner; null if it has none.</summary>
    Task<LedgerHead?> ReadHeadAsync(int partner, CancellationToken cancellationToken);

    /// <summary>
    /// Reads a stretch of a partner's ledger at one moment: the visitor is called for the latest entry of each record that may be sent, in the
    /// order of the ledger, inside the read transaction, until it returns false or the limit is reached; with null once the entries end. One body
    /// is in memory at a time. The visitor is short, and calls nothing that waits.
    /// </summary>
    Task<LedgerStretch> VisitLedgerAsync(
        int partner, ulong fromSeq, int maxEntries, bool withBodies, Func<LedgerStretch, StretchEntry?, bool> visit, CancellationToken cancellationToken);

    /// <summary>Reads tiles of a partner's ledger (absent ones are null) and its entries from a sequence number on, at most 256.</summary>
    Task<(IReadOnlyList<byte[]?> Tiles, IReadOnlyList<LedgerEntryName> Tail)> ReadTreeAsync(
        int partner, IReadOnlyList<(int Level, long Index)> tiles, ulong tailFrom, CancellationToken cancellationToken);

    /// <summary>
    /// Notes for this life of the process that the partner's last head is a prefix, and raises the signed size to the size. While the
    /// partner follows, every append raises the signed size too, since it may be sent at once. A ledger that is forked, or lost its end, stays
    /// unconfirmed, and so does one that was got back, or began anew, since it was read, which its term tells. A repeat is harmless.
    /// </summary>
    Task<LedgerHead> ConfirmContactAsync(int partner, long term, bool following, CancellationToken cancellationToken);

    /// <summary>
    /// Notes that a ledger lost its end and has to be got back up to a size before any head of it is signed. Does nothing if the ledger
    /// has been got back since it was read, which its term tells. A repeat is harmless.
    /// </summary>
    Task BeginRecoveryAsync(int partner, ulong size, long term, CancellationToken cancellationToken);

    /// <summary>
    /// Reads by name own records, and what came of others' records from their originators, with their latest entries in one partner's ledger;
    /// null where there is none of that name.
    /// </summary>
    Task<IReadOnlyList<ReconcileCandidate?>> ReadNamedAsync(int partner, IReadOnlyList<RecordName> names, CancellationToken cancellationToken);

    /// <summary>
    /// Puts back the end of a ledger: drops entries that were never signed, writes those that were, makes own records that are not known any
    /// more, has others' wait for their originators, and sets a sweep of everything. Returns null and does nothing if the ledger has another size or term than it was prepared for.
    /// </summary>
    Task<RecoveryOutcome?> RecoverLedgerAsync(LedgerRecovery recovery, CancellationToken cancellationToken);

    /// <summary>Notes that the partner came back with fewer entries than it had receipted. A repeat is harmless.</summary>
    Task NoteRegressionAsync(int partner, ulong size, long nowMs, CancellationToken cancellationToken);

    /// <summary>Keeps a partner's receipt. A repeat is harmless; an older receipt than the newest is kept beside it.</summary>
    Task SaveReceiptAsync(int partner, Receipt receipt, byte[] payload, byte[] signature, CancellationToken cancellationToken);

    /// <summary>Reads the partner's newest receipt as signed; null if there is none.</summary>
    Task<(byte[] Payload, byte[] Signature)?> ReadReceiptAsync(int partner, CancellationToken cancellationToken);

    /// <summary>Reads the partner's receipt of the least size above one, as signed; null if there is none.</summary>
    Task<(byte[] Payload, byte[] Signature)?> ReadReceiptAboveAsync(int partner, ulong size, CancellationToken cancellationToken);

    /// <summary>Adds a partner, or changes its card and switches; its ledger is made when sharing is first turned on, and a sweep is set.</summary>
    Task<StoredPartner?> SavePartnerAsync(PartnerWrite write, CancellationToken cancellationToken);

    /// <summary>
    /// Begins the ledger for a partner anew with an empty tree and a sweep, and keeps the old entries, tiles and receipts beside it; false if the
    /// ledger is in another incarnation than expected. Nothing of it is signed before the next contact.
    /// </summary>
    Task<bool> ResetLedgerAsync(LedgerResetWrite write, CancellationToken cancellationToken);

    /// <summary>
    /// Lets a follower go on with the incarnation of a noted reset, from its beginning, and keeps the old entries and head beside it. Copies and
    /// tombstones stay. False if no such reset waits; so a repeat is harmless.
    /// </summary>
    Task<bool> AcceptResetAsync(int partner, uint incarnation, long nowMs, CancellationToken cancellationToken);

    /// <summary>Stores a policy as the partner's next epoch, raises the guard counter and sets a sweep from the beginning.</summary>
    Task<long> ApplyPolicyAsync(PolicyWrite write, CancellationToken cancellationToken);

    /// <summary>Reads the partner's policies below an epoch, newest first.</summary>
    Task<IReadOnlyList<StoredPolicy>> ReadPoliciesAsync(int partner, long beforeEpoch, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a group or gives it other members under its next epoch, raises the guard counter and sets a sweep for each partner that joins
    /// or leaves. The same members once more change nothing.
    /// </summary>
    Task<StoredGroup> SetGroupAsync(GroupWrite write, CancellationToken cancellationToken);

    /// <summary>Reads every membership of every group up to a number, oldest first.</summary>
    Task<IReadOnlyList<StoredGroup>> ReadMembershipsAsync(long upToNumber, CancellationToken cancellationToken);

    /// <summary>
    /// Loads a community list, raises the guard counter and sets a sweep of what may be passed on for each partner with whom the node shares. The
    /// same members once more change nothing.
    /// </summary>
    Task<StoredCommunity> SetCommunityAsync(CommunityWrite write, CancellationToken cancellationToken);

    /// <summary>Reads the community lists, and the number of the latest change of any of them or of an announcement.</summary>
    Task<CommunityState> ReadCommunitiesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Notes what a partner says of its community lists; a change raises the guard counter and sets sweeps of what may be passed on, and is taken
    /// once a second at most. A repeat is harmless.
    /// </summary>
    Task<AnnouncementOutcome> SaveAnnouncementAsync(AnnouncementWrite write, CancellationToken cancellationToken);

    /// <summary>Keeps the manifests of an institute whose records a partner passes on. A repeat is harmless.</summary>
    Task SaveOriginAsync(StoredOrigin origin, CancellationToken cancellationToken);

    /// <summary>Reads the manifests of an institute that is no partner; null if none are kept.</summary>
    Task<StoredOrigin?> ReadOriginAsync(InstituteId institute, CancellationToken cancellationToken);

    /// <summary>The institutes whose records were passed on in the ledger for a partner, or in the one that it keeps; reads all of it.</summary>
    Task<IReadOnlyList<InstituteId>> ReadForwardedOriginsAsync(int partner, bool inbound, CancellationToken cancellationToken);

    /// <summary>
    /// Reads to whom copies of an institute's records, received from it, were passed on and may have been sent: of one record or, from a record
    /// and partner on, of all, in the order of records and partners. Null if the one record that is asked for was never received from it.
    /// </summary>
    Task<IReadOnlyList<OnwardHolder>?> ReadHoldersAsync(HolderQuery query, CancellationToken cancellationToken);

    /// <summary>The records that are asked for, in the order of public ids: at least those that meet the selection, and few others.</summary>
    Task<IReadOnlyList<SelectedRecord>> SelectRecordsAsync(SelectionRequest request, CancellationToken cancellationToken);

    /// <summary>Reads entries of a partner's ledger with what decided them, in order from a sequence number on.</summary>
    Task<IReadOnlyList<DecidedEntry>> ReadEntriesAsync(int partner, ulong fromSeq, int limit, CancellationToken cancellationToken);

    /// <summary>Reads the entries of one own record in a partner's ledger, newest first.</summary>
    Task<IReadOnlyList<DecidedEntry>> ReadEntriesOfAsync(int partner, RecordName name, int limit, CancellationToken cancellationToken);

    /// <summary>Reads everything by which a ledger entry was decided, as it was at that moment; null if there is no such entry.</summary>
    Task<ArchivedDecision?> ReadDecisionAsync(int partner, ulong seq, CancellationToken cancellationToken);

    /// <summary>Reads withdrawals and erasures that a partner's receipts do not cover, from a sequence number on, appended up to a moment.</summary>
    Task<IReadOnlyList<PendingRemoval>> ReadRemovalsAsync(int partner, ulong fromSeq, long untilMs, int limit, CancellationToken cancellationToken);

    /// <summary>Adds a client; false if the name or the key is taken.</summary>
    Task<bool> AddClientAsync(StoredClient client, CancellationToken cancellationToken);

    /// <summary>Removes a client; false if there is none of that name.</summary>
    Task<bool> RemoveClientAsync(string name, CancellationToken cancellationToken);

    /// <summary>Notes first contact, a receipt that the partner took, or that an operator lets a halted follower go on. A repeat is harmless.</summary>
    Task SaveFollowAsync(FollowWrite write, CancellationToken cancellationToken);

    /// <summary>Reads the latest entries of records of one partner; null where the record was never heard of.</summary>
    Task<IReadOnlyList<HeldRow?>> ReadHeldAsync(int partner, IReadOnlyList<RecordName> names, CancellationToken cancellationToken);

    /// <summary>Reads what the received copies of each record state, from whatever partner they came; those of a tombstone are gone.</summary>
    Task<IReadOnlyList<IReadOnlyList<StatedCopy>>> ReadStatedAsync(IReadOnlyList<RecordName> names, CancellationToken cancellationToken);

    /// <summary>Applies a verified batch: records, tombstones, entries, range, head and cursor, or nothing.</summary>
    Task<ApplyOutcome> ApplyBatchAsync(FollowerBatch batch, CancellationToken cancellationToken);

    /// <summary>Reads a stretch of a followed ledger, from the piece on that contains a sequence number, for export and verification.</summary>
    Task<InboundStretch> ReadInboundAsync(int partner, ulong fromSeq, int maxEntries, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the sequence numbers of the latest entries in a partner's ledger from one on, in order, of records whose ids begin with one of the
    /// 64 values of six bits that the mask names; entries that were never sent are left out.
    /// </summary>
    Task<IReadOnlyList<ulong>> ReadLatestAsync(int partner, ulong fromSeq, ulong buckets, int limit, CancellationToken cancellationToken);

    /// <summary>Reads a page of the live records of a partner after a local number: id and leaf hash, only where entry and body are there.</summary>
    Task<LiveHeldPage> ReadLiveHeldAsync(int partner, long afterRec, CancellationToken cancellationToken);

    /// <summary>Reads what is held of a followed ledger where one entry stands, and of its record.</summary>
    Task<HeldPiece> ReadPieceAsync(int partner, ulong seq, RecordName name, CancellationToken cancellationToken);

    /// <summary>Stores entries of a followed ledger again without moving the cursor; false if the size in the store is another. A repeat is harmless.</summary>
    Task<bool> RepairAsync(RepairBatch batch, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the rows of a followed ledger as they are stored, for the check whether they can be read; of an incarnation that has ended, or, with
    /// 0, of the present one.
    /// </summary>
    Task<IReadOnlyList<(ulong Seq, byte[] Bytes)>> ReadInboundRowsAsync(int partner, uint past, ulong fromSeq, int maxRows, CancellationToken cancellationToken);

    /// <summary>Reads where the node stood in an incarnation of a followed ledger that has ended; null if there was none.</summary>
    Task<FollowRow?> ReadEndedAsync(int partner, uint incarnation, CancellationToken cancellationToken);

    /// <summary>Reads how far the slow checks of what is stored have come.</summary>
    Task<IReadOnlyList<ScrubProgress>> ReadScrubsAsync(CancellationToken cancellationToken);

    /// <summary>Notes how far a slow check has come. A repeat is harmless.</summary>
    Task SaveScrubAsync(ScrubProgress progress, CancellationToken cancellationToken);

    /// <summary>Drives removed content out of the write-ahead log; false if a reader is in the way: try again.</summary>
    Task<bool> ScrubAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Keeps evidence and, if asked, halts the follower or marks the ledger forked in the same transaction. Returns its number; what is kept
    /// already keeps its number. Evidence that stops nothing is bounded for each partner: beyond that nothing is kept, and 0 returned.
    /// </summary>
    Task<long> SaveEvidenceAsync(EvidenceWrite write, CancellationToken cancellationToken);

    /// <summary>Reads evidence after a number, oldest first, at most 100.</summary>
    Task<IReadOnlyList<StoredEvidence>> ReadEvidenceAsync(int? partner, long afterNumber, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Copies everything, as of one moment, into two new files: the data without keys, and the keys. Writers go on meanwhile; what is removed is
    /// out of the write-ahead log only after it. Both files are durable on return; after a failure they are to be thrown away. Any fault is of
    /// the copy: the store goes on.
    /// </summary>
    Task<BackupContent> BackUpAsync(string dataFile, string keysFile, Action<long, long> progress, CancellationToken cancellationToken);
}
