using Federation.Node.Storage.Sqlite;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>
/// Checks the ledgers that a node keeps: dense (I1), append-only (I2), equal to every head that was signed (I3), with vrevs that count
/// up by one and a taking back only of what is live (I9), and with the stored range and live set.
/// </summary>
internal sealed class OutboundAudit(Action<string> fail, HeadWitness heads)
{
    private readonly Dictionary<(InstituteId Origin, InstituteId Partner), List<Digest>> _leaves = [];

    public IReadOnlyList<Digest> LeavesOf(InstituteId origin, InstituteId partner) => _leaves.GetValueOrDefault((origin, partner)) ?? [];

    public void Look(SimulatedInstitute institute, (int Number, InstituteId Institute) partner)
    {
        using var head = institute.Disk.Session
            .Use("SELECT ledger, incarnation, size, range, live_count, buckets FROM ledger_head WHERE p = ?1").Bind(1, partner.Number);
        if (!head.Step())
            return;
        var what = $"the ledger of {institute.Id} for {partner.Institute}";
        var ledger = LedgerId.Read(head.Span(0));
        var leaves = Read(institute.Disk.Session, partner.Number, what);
        CheckHistory((institute.Id, partner.Institute), [.. leaves.Select(leaf => leaf.Hash(ledger))], what);
        CheckVrevs(leaves, what);
        var range = new CompactRange();
        var live = new SortedDictionary<RecordId, Digest>();
        foreach (var leaf in leaves)
        {
            CheckSigned(ledger, (uint)head.Int64(1), range, what);
            range.Append(leaf.Hash(ledger));
            live.Remove(leaf.Record);
            if (leaf.Operation == LedgerOperation.Disclose)
                live.Add(leaf.Record, leaf.Hash(ledger));
        }

        CheckSigned(ledger, (uint)head.Int64(1), range, what);
        if (head.UInt64(2) != range.Size || !head.Span(3).SequenceEqual(range.Encode()))
            fail($"I1: {what} has {leaves.Count} entries and says {head.UInt64(2)}, or has another range");
        var set = new LiveSet();
        foreach (var (record, hash) in live)
            set.Add(record, hash);
        if (head.UInt64(4) != set.Count || !head.Span(5).SequenceEqual(set.Encode()))
            fail($"{what} has {set.Count} live records and says {head.UInt64(4)}, or has other sums");
    }

    private List<Leaf> Read(SqliteSession session, int partner, string what)
    {
        using var rows = session
            .Use("SELECT l.seq, l.op, r.origin, r.rid, l.vrev, l.stmt_hash FROM ledger l JOIN record r ON r.rec = l.rec WHERE l.p = ?1 ORDER BY l.seq").Bind(1, partner);
        var leaves = new List<Leaf>();
        while (rows.Step())
        {
            if (rows.Int64(0) != leaves.Count)
                fail($"I1: {what} has entry {rows.Int64(0)} where {leaves.Count} is due");
            var name = rows.Name(2);
            var hash = rows.IsNull(5) ? Digest.Zero : rows.Hash(5);
            leaves.Add(new Leaf((LedgerOperation)rows.Int32(1), rows.UInt64(0), name.Origin, name.Id, (uint)rows.Int64(4), hash));
        }

        return leaves;
    }

    private void CheckHistory((InstituteId Origin, InstituteId Partner) key, List<Digest> now, string what)
    {
        if (_leaves.TryGetValue(key, out var before) && (before.Count > now.Count || !before.SequenceEqual(now.Take(before.Count))))
            fail($"I2: {what} had {before.Count} entries, which are no prefix of the {now.Count} it has now");
        _leaves[key] = now;
    }

    private void CheckVrevs(List<Leaf> leaves, string what)
    {
        var last = new Dictionary<RecordId, Leaf>();
        foreach (var leaf in leaves)
        {
            var before = last.GetValueOrDefault(leaf.Record);
            if (leaf.Vrev != before.Vrev + 1)
                fail($"I9: {what} goes from vrev {before.Vrev} to {leaf.Vrev} of record {leaf.Record}");
            if (leaf.Operation == LedgerOperation.Withdraw && before.Operation != LedgerOperation.Disclose)
                fail($"I9: {what} withdraws record {leaf.Record}, which is not live");
            if (before.Operation == LedgerOperation.Erase)
                fail($"{what} goes on with record {leaf.Record}, which is erased");
            if (leaf.Operation == LedgerOperation.Disclose && before.Operation == LedgerOperation.Disclose && leaf.StatementHash == before.StatementHash)
                fail($"I8: {what} discloses the same view of record {leaf.Record} twice");
            last[leaf.Record] = leaf;
        }
    }

    private void CheckSigned(LedgerId ledger, uint incarnation, CompactRange range, string what)
    {
        if (heads.SignedRoot(ledger, incarnation, range.Size) is { } signed && signed != range.Root())
            fail($"I3: a head was signed at size {range.Size} of {what} with another root");
    }
}
