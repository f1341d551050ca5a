using Federation.Node.Storage;
using Federation.Protocol.Records;
using Federation.Simulation.Scenarios.Nodes;

namespace Federation.Simulation.Scenarios.Restores;

/// <summary>
/// After the dust has settled: every ledger is signed and followed to its end, both sides hold the same, and it is what the originator now
/// shows, except for what stands since only the partner knows it.
/// </summary>
internal sealed class Agreement(IReadOnlyList<SimulatedInstitute> institutes, Action<string> fail)
{
    public void Check(IReadOnlyList<RestoredDesk> desks)
    {
        foreach (var desk in desks)
        {
            foreach (var follower in institutes.Where(other => other != desk.Institute))
            {
                ComparePositions(desk.Institute, follower);
                CompareRecords(desk.Institute, follower, desk.Marker);
            }
        }

        foreach (var institute in institutes)
        {
            using var evidence = institute.Disk.Session.Use("SELECT fault, detail FROM evidence");
            if (evidence.Step())
                fail($"{institute.Id} keeps evidence against an honest partner: {evidence.Text(0)} {evidence.Text(1)}");
        }
    }

    private void ComparePositions(SimulatedInstitute origin, SimulatedInstitute follower)
    {
        using var follow = follower.Disk.Session
            .Use("SELECT size, range, live_count, buckets, receipt_size, state, fault FROM follow WHERE src = ?1").Bind(1, follower.Disk.NumberOf(origin.Id));
        using var head = origin.Disk.Session
            .Use("SELECT size, range, live_count, buckets, signed_size, recover_to, forked FROM ledger_head WHERE p = ?1").Bind(1, origin.Disk.NumberOf(follower.Id));
        if (!follow.Step() || !head.Step())
        {
            fail($"{follower.Id} does not follow {origin.Id}");
            return;
        }

        var line = $"{origin.Id} has {head.Int64(0)} entries for {follower.Id}, {head.Int64(4)} signed, to get back {head.Int64(5)}, forked {head.Int64(6)}; "
            + $"{follower.Id} holds {follow.Int64(0)}, confirmed {follow.Int64(4)}, state {follow.Int64(5)} {follow.Text(6)}";
        if (follow.Int64(0) != head.Int64(0) || head.Int64(4) != head.Int64(0) || follow.Int64(4) != head.Int64(0) || head.Int64(5) + head.Int64(6) != 0)
            fail($"I7: {line}");
        else if (!follow.Span(1).SequenceEqual(head.Span(1)) || follow.Int64(2) != head.Int64(2) || !follow.Span(3).SequenceEqual(head.Span(3)))
            fail($"the two sides differ: {line}");
    }

    private void CompareRecords(SimulatedInstitute origin, SimulatedInstitute follower, RecordName marker)
    {
        var held = LiveAt(follower, origin.Id);
        if (!held.Contains(marker.Id))
            fail($"I7: {follower.Id} does not hold the record that {origin.Id} published last");
        var ceiling = (int)Ceilings.Of(origin.Disk.PolicyOf(follower.Id)!);
        // What is older here than with some partner is told to nobody, and taken from nobody who has just that.
        using var rows = origin.Disk.Session.Use("""
            SELECT r.rid, r.status, r.tlp FROM record r LEFT JOIN disclosed d ON d.rec = r.rec AND d.p = ?1
            WHERE r.source = 0 AND r.changed_n > max(r.stale_n, coalesce(d.stands_n, 0))
            """).Bind(1, origin.Disk.NumberOf(follower.Id));
        while (rows.Step())
        {
            var record = RecordId.Read(rows.Span(0));
            var due = rows.Int32(1) == (int)RecordStatus.Live && rows.Int32(2) <= ceiling;
            if (due != held.Contains(record))
                fail($"I7: record {record} of {origin.Id} is {(due ? "visible to" : "hidden from")} {follower.Id}, which {(due ? "does not hold" : "holds")} it");
        }
    }

    private static HashSet<RecordId> LiveAt(SimulatedInstitute follower, InstituteId origin)
    {
        using var rows = follower.Disk.Session.Use("SELECT rid FROM record WHERE source = ?1 AND status = 0").Bind(1, follower.Disk.NumberOf(origin));
        var live = new HashSet<RecordId>();
        while (rows.Step())
            live.Add(RecordId.Read(rows.Span(0)));
        return live;
    }
}
