using Federation.Node.Records;
using Federation.Node.Storage;
using Federation.Node.Storage.Sqlite;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>
/// Checks what a follower stored of one partner: rows and cursor agree (I13), all of it lies under the verified head and is opened as
/// its leaf says (I14), sizes and vrevs only grow (I15), and nothing taken back is live again without a newer entry (I16).
/// </summary>
internal sealed class InboundAudit(Action<string> fail)
{
    private readonly Dictionary<(InstituteId Follower, InstituteId Origin), ulong> _sizes = [];
    private readonly Dictionary<(InstituteId Follower, RecordName Record), (long Vrev, bool Live)> _states = [];

    public void Look(SimulatedInstitute institute, (int Number, InstituteId Institute) origin, IReadOnlyList<Digest> leavesOfOrigin)
    {
        var session = institute.Disk.Session;
        var what = $"what {institute.Id} holds of {origin.Institute}";
        using var follow = session
            .Use("SELECT ledger, incarnation, size, range, head, live_count, buckets FROM follow WHERE src = ?1").Bind(1, origin.Number);
        if (!follow.Step())
            return;
        var ledger = LedgerId.Read(follow.Span(0));
        var size = follow.UInt64(2);
        var entries = ReadEntries(session, origin.Number, ledger);
        var range = new CompactRange();
        foreach (var item in entries.Values)
        {
            if (item.Seq != range.Size)
                fail($"I13: {what} has a piece at {item.Seq} where {range.Size} is next");
            range.AppendSubtree(item.Level, item.Hash);
            if (item.End <= (ulong)leavesOfOrigin.Count && RootOf(leavesOfOrigin, item) != item.Hash)
                fail($"{what} differs from the ledger at entry {item.Seq}");
        }

        if (size != range.Size || !follow.Span(3).SequenceEqual(range.Encode()))
            fail($"I13: {what} has {entries.Count} entries and the cursor stands at {size}, or the range differs");
        if (size > 0 && (!Head.TryDecode(follow.Span(4), out var head, out _) || head.Size != size || head.Root != range.Root()))
            fail($"I14: {what} is not under its stored head");
        if (size < _sizes.GetValueOrDefault((institute.Id, origin.Institute)))
            fail($"I15: {what} shrank to {size} entries");
        _sizes[(institute.Id, origin.Institute)] = size;
        var live = CheckRecords(institute, origin.Number, entries, ledger, what);
        if (follow.UInt64(5) != live.Count || !follow.Span(6).SequenceEqual(live.Encode()))
            fail($"I13: {what} has {live.Count} live records and says {follow.UInt64(5)}, or has other sums");
    }

    /// <summary>What was seen at a follower before counts no more: it is put back to an older copy of its disk.</summary>
    public void Forget(InstituteId follower)
    {
        foreach (var key in _sizes.Keys.Where(key => key.Follower == follower).ToList())
            _sizes.Remove(key);
        foreach (var key in _states.Keys.Where(key => key.Follower == follower).ToList())
            _states.Remove(key);
    }

    private static SortedDictionary<ulong, HeldItem> ReadEntries(SqliteSession session, int number, LedgerId ledger)
    {
        using var rows = session.Use("SELECT seq, leaf FROM in_entry WHERE src = ?1 ORDER BY seq").Bind(1, number);
        var entries = new SortedDictionary<ulong, HeldItem>();
        while (rows.Step())
            entries.Add(rows.UInt64(0), HeldItem.Decode(ledger, rows.UInt64(0), rows.Span(1)));
        return entries;
    }

    private static Digest RootOf(IReadOnlyList<Digest> leaves, HeldItem item)
    {
        var subtree = new CompactRange();
        for (var seq = item.Seq; seq < item.End; seq++)
            subtree.Append(leaves[(int)seq]);
        return subtree.Root();
    }

    private LiveSet CheckRecords(SimulatedInstitute institute, int number, SortedDictionary<ulong, HeldItem> entries, LedgerId ledger, string what)
    {
        var live = new LiveSet();
        using var rows = institute.Disk.Session.Use($"""
            SELECT {RecordRows.Columns}, b.bytes, k.dek, k.k, r.seq FROM record r LEFT JOIN body b ON b.rec = r.rec LEFT JOIN rec_key k ON k.rec = r.rec
            WHERE r.source = ?1 ORDER BY r.rec
            """).Bind(1, number);
        while (rows.Step())
        {
            var record = RecordRows.Read(rows, withBody: true);
            var seq = rows.UInt64(RecordRows.ColumnCount + 3);
            var isLive = record.Status is RecordStatus.Live or RecordStatus.Quarantined;
            CheckProgress(institute, record, isLive, what);
            if (entries.GetValueOrDefault(seq)?.Leaf is not { } leaf || leaf.Record != record.Name.Id || leaf.Origin != record.Name.Origin)
            {
                fail($"I14: {what} has record {record.Name.Id} under no entry");
                continue;
            }

            if (isLive != (leaf.Operation == LedgerOperation.Disclose))
                fail($"I16: {what} has record {record.Name.Id} as {record.Status} under {leaf.Operation}");
            else if (isLive && StatementOf(record) != leaf.StatementHash)
                fail($"I14: {what} shows record {record.Name.Id} otherwise than its statement");
            else if (!isLive && (record.Body is not null || record.DataKey is not null))
                fail($"{what} still has content of record {record.Name.Id}, which was taken back");
            if (isLive)
                live.Add(record.Name.Id, leaf.Hash(ledger));
            if (record.Status == RecordStatus.Quarantined)
                fail($"{what} has record {record.Name.Id} in quarantine: {record.Reason}");
        }

        return live;
    }

    private void CheckProgress(SimulatedInstitute institute, StoredRecord record, bool live, string what)
    {
        var key = (institute.Id, record.Name);
        if (_states.TryGetValue(key, out var before) && (record.Version < before.Vrev || (record.Version == before.Vrev && live && !before.Live)))
            fail($"I16: {what} has record {record.Name.Id} at vrev {record.Version} after {before.Vrev}, live: {live} after {before.Live}");
        _states[key] = (record.Version, live);
    }

    /// <summary>The statement that the opened values make.</summary>
    private static Digest StatementOf(StoredRecord record)
    {
        if (record.Body is null || record.DataKey is null)
            return Digest.Zero;
        var parts = StoredContent.Open(record).Parts.Select(part => new StatementPart(
            part.Shape.Part,
            part.Shape.ChangedMs,
            PartCommitment.Compute(record.Name.Origin, record.Name.Id, part.Shape.Part, part.Shape.ChangedMs, part.Salt, part.Value.Span)));
        return Digest.Sha256(Statement.Encode(record.Name.Origin, record.Name.Id, (ushort)record.Kind, (ushort)record.Schema, [.. parts]));
    }
}
