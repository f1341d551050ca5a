using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.Simulation.Scenarios.Nodes;

namespace Federation.Simulation.Scenarios.Restores;

/// <summary>What a follower holds of one origin: for each record the statement that it shows, or that it was taken back.</summary>
internal sealed class Holding
{
    private readonly string _what;
    private readonly SortedDictionary<RecordId, Digest?> _records = [];

    private Holding(string what) => _what = what;

    public static Holding Read(SimulatedInstitute follower, InstituteId origin)
    {
        var holding = new Holding($"what {follower.Id} holds of {origin}");
        using var rows = follower.Disk.Session
            .Use("SELECT r.rid, r.status, e.seq, e.leaf, f.ledger FROM record r JOIN in_entry e ON e.src = r.source AND e.seq = r.seq JOIN follow f ON f.src = r.source WHERE r.source = ?1")
            .Bind(1, follower.Disk.NumberOf(origin));
        while (rows.Step())
        {
            var item = HeldItem.Decode(LedgerId.Read(rows.Span(4)), rows.UInt64(2), rows.Span(3));
            holding._records[RecordId.Read(rows.Span(0))] = rows.Int32(1) == (int)RecordStatus.Live ? item.Leaf!.Value.StatementHash : null;
        }

        return holding;
    }

    /// <summary>Compares with a later moment, before which nobody wrote anything: nothing came back, and nothing became older.</summary>
    public void CompareTo(Holding later, Action<string> fail)
    {
        foreach (var (record, before) in _records)
        {
            if (!later._records.TryGetValue(record, out var now))
                fail($"I15: {_what} knows nothing of record {record} any more");
            else if (now is not null && before is null)
                fail($"I16: {_what} has record {record} again, which was taken back");
            else if (now is not null && now != before)
                fail($"{_what} shows record {record} otherwise than before its origin forgot");
        }
    }
}
