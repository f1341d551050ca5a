using Federation.Node.Storage.Sqlite;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.Simulation.Scenarios.Nodes;

namespace Federation.Simulation.Scenarios.Restores;

/// <summary>
/// Recomputes what nodes claim whose ledgers may have come back in part as hashes: they are dense (I1), every head that was ever signed is a
/// prefix of what counts as signed (I3), vrevs grow (I9), range and live set are those of the rows; and what is held of others is as ever.
/// </summary>
internal sealed class RestoredAudit(Action<string> fail, HeadWitness heads) : IDiskAudit
{
    private readonly InboundAudit _inbound = new(fail);

    public int Looks { get; private set; }

    public void Look(SimulatedInstitute institute)
    {
        Looks++;
        foreach (var partner in institute.Disk.Partners())
        {
            LookAtOwn(institute, partner);
            _inbound.Look(institute, partner, []);
        }
    }

    /// <summary>A node was put back to an older copy of its disk.</summary>
    public void Forget(InstituteId institute) => _inbound.Forget(institute);

    private void LookAtOwn(SimulatedInstitute institute, (int Number, InstituteId Institute) partner)
    {
        var session = institute.Disk.Session;
        var what = $"the ledger of {institute.Id} for {partner.Institute}";
        using var head = session
            .Use("SELECT ledger, incarnation, size, range, live_count, buckets, signed_size FROM ledger_head WHERE p = ?1").Bind(1, partner.Number);
        if (!head.Step())
            return;
        var ledger = LedgerId.Read(head.Span(0));
        var (range, leaves) = ReadEntries(session, partner.Number, what, (ledger, (uint)head.Int64(1), head.UInt64(6)));
        if (head.UInt64(2) != range.Size || !head.Span(3).SequenceEqual(range.Encode()))
            fail($"I1: {what} has {range.Size} entries and says {head.UInt64(2)}, or has another range");
        var live = ReadLive(session, partner.Number, what, ledger, leaves);
        if (head.UInt64(4) != live.Count || !head.Span(5).SequenceEqual(live.Encode()))
            fail($"{what} has {live.Count} live records and says {head.UInt64(4)}, or has other sums");
    }

    private (CompactRange Range, Dictionary<ulong, Leaf> Leaves) ReadEntries(
        SqliteSession session, int partner, string what, (LedgerId Id, uint Incarnation, ulong SignedSize) ledger)
    {
        using var rows = session
            .Use("SELECT l.seq, l.op, l.vrev, l.stmt_hash, l.rec, r.origin, r.rid FROM ledger l LEFT JOIN record r ON r.rec = l.rec WHERE l.p = ?1 ORDER BY l.seq")
            .Bind(1, partner);
        var range = new CompactRange();
        var leaves = new Dictionary<ulong, Leaf>();
        var vrevs = new Dictionary<RecordId, uint>();
        CheckSigned(ledger, range, what);
        while (rows.Step())
        {
            if (rows.UInt64(0) != range.Size)
                fail($"I1: {what} has entry {rows.Int64(0)} where {range.Size} is due");
            if (rows.Int32(1) == 0)
                range.AppendSubtree(rows.Int32(2), rows.Hash(3));
            else
                Append(range, leaves, vrevs, ledger.Id, rows, what);
            CheckSigned(ledger, range, what);
        }

        return (range, leaves);
    }

    private void Append(
        CompactRange range, Dictionary<ulong, Leaf> leaves, Dictionary<RecordId, uint> vrevs, LedgerId ledger, SqliteStatement row, string what)
    {
        var name = row.Name(5);
        var leaf = new Leaf((LedgerOperation)row.Int32(1), row.UInt64(0), name.Origin, name.Id, (uint)row.Int64(2), row.IsNull(3) ? Digest.Zero : row.Hash(3));
        if (leaf.Vrev <= vrevs.GetValueOrDefault(name.Id))
            fail($"I9: {what} goes from vrev {vrevs[name.Id]} to {leaf.Vrev} of record {name.Id}");
        vrevs[name.Id] = leaf.Vrev;
        leaves[leaf.Seq] = leaf;
        range.Append(leaf.Hash(ledger));
    }

    /// <summary>The rows of the latest entries, each of which stands in the ledger.</summary>
    private LiveSet ReadLive(SqliteSession session, int partner, string what, LedgerId ledger, Dictionary<ulong, Leaf> leaves)
    {
        using var rows = session.Use("SELECT d.seq, r.rid FROM disclosed d JOIN record r ON r.rec = d.rec WHERE d.p = ?1 AND d.op = 1").Bind(1, partner);
        var live = new LiveSet();
        while (rows.Step())
        {
            var record = RecordId.Read(rows.Span(1));
            if (leaves.GetValueOrDefault(rows.UInt64(0)) is { Operation: LedgerOperation.Disclose } leaf && leaf.Record == record)
                live.Add(record, leaf.Hash(ledger));
            else
                fail($"{what} takes record {record} for disclosed by entry {rows.Int64(0)}, which says something else");
        }

        return live;
    }

    // What lies above the signed size is the node's own affair until it has met its partner.
    private void CheckSigned((LedgerId Id, uint Incarnation, ulong SignedSize) ledger, CompactRange range, string what)
    {
        if (range.Size <= ledger.SignedSize && heads.SignedRoot(ledger.Id, ledger.Incarnation, range.Size) is { } signed && signed != range.Root())
            fail($"I3: a head was signed at size {range.Size} of {what} with another root");
    }
}
