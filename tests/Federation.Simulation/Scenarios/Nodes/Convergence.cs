using Federation.Node.Records;
using Federation.Node.Storage;
using Federation.Node.Storage.Sqlite;
using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>After the dust has settled: every acknowledged write is there, and every follower holds exactly what the model says (I7).</summary>
internal sealed class Convergence(IReadOnlyList<SimulatedInstitute> institutes, ReferenceModel model, Action<string> fail)
{
    public void Check()
    {
        foreach (var origin in institutes)
        {
            CheckWrites(origin);
            foreach (var follower in institutes.Where(other => other != origin))
                Compare(origin, follower);
        }
    }

    private void CheckWrites(SimulatedInstitute origin)
    {
        foreach (var name in model.Records.Where(name => name.Origin == origin.Id))
        {
            var version = origin.Disk.VersionOf(name);
            if (version != model.Versions(name))
                fail($"{origin.Id} has record {name.Id} at version {version} and {model.Versions(name)} were acknowledged");
            else if (model.Content(name, version) is not null)
                CheckContent(origin, name, model.Values(name, version));
        }
    }

    private void CheckContent(SimulatedInstitute origin, RecordName name, IReadOnlyList<byte[]> written)
    {
        var record = RecordRows.ReadByName(origin.Disk.Session, name)[0];
        if (record.Body is null || !Same(Values(record), written))
            fail($"{origin.Id} does not have the content of record {name.Id} that was acknowledged");
    }

    private void Compare(SimulatedInstitute origin, SimulatedInstitute follower)
    {
        var number = follower.Disk.NumberOf(origin.Id);
        var shown = 0;
        foreach (var name in model.Records.Where(name => name.Origin == origin.Id))
        {
            var due = model.Visible(origin.Disk, name, follower.Id.ToString(), origin.NowMs);
            var held = RecordRows.ReadByName(follower.Disk.Session, name).SingleOrDefault(copy => copy.Source == number && copy.Status == RecordStatus.Live);
            shown += held is null ? 0 : 1;
            if (due is null != held is null)
                fail($"I7: record {name.Id} of {origin.Id} is {(due is null ? "hidden from" : "visible to")} {follower.Id}, which {(held is null ? "does not hold" : "holds")} it");
            else if (due is not null && !Same(Values(held!), due))
                fail($"I7: {follower.Id} holds record {name.Id} of {origin.Id} with other parts than it may see: {Describe(held!)}, due {Describe(due)}");
        }

        CheckPositions(origin, follower, number, shown);
    }

    private void CheckPositions(SimulatedInstitute origin, SimulatedInstitute follower, int number, int shown)
    {
        using var follow = follower.Disk.Session.Use("SELECT size, receipt_size, live_count, state, fault FROM follow WHERE src = ?1").Bind(1, number);
        using var head = origin.Disk.Session
            .Use("SELECT h.size, (SELECT max(size) FROM receipt t WHERE t.p = h.p), h.live_count FROM ledger_head h WHERE h.p = ?1")
            .Bind(1, origin.Disk.NumberOf(follower.Id));
        if (!follow.Step() || !head.Step())
        {
            fail($"{follower.Id} does not follow {origin.Id}");
            return;
        }

        var line = $"{origin.Id} has {head.Int64(0)} entries for {follower.Id}, which holds {follow.Int64(0)}, confirmed {follow.Int64(1)} and {head.NullableInt64(1) ?? 0}";
        if (follow.Int64(0) != head.Int64(0) || (head.Int64(0) > 0 && (follow.Int64(1) != head.Int64(0) || head.NullableInt64(1) != head.Int64(0))))
            fail($"I7: {line}: state {follow.Int32(3)} {follow.Text(4)}");
        if (follow.Int64(2) != shown || head.Int64(2) != shown)
            fail($"I7: {follower.Id} holds {shown} records of {origin.Id}, where heads say {head.Int64(2)} and {follow.Int64(2)}");
    }

    private static List<byte[]> Values(StoredRecord record) => [.. StoredContent.Open(record).Parts.Select(part => part.Value.ToArray())];

    private static bool Same(IEnumerable<byte[]> one, IEnumerable<byte[]> other) =>
        one.Select(Convert.ToHexString).Order(StringComparer.Ordinal).SequenceEqual(other.Select(Convert.ToHexString).Order(StringComparer.Ordinal));

    private static string Describe(StoredRecord record) => Describe(Values(record));

    private static string Describe(IReadOnlyList<byte[]> values) =>
        string.Join(", ", values.Skip(1).Select(value => Part.Parser.ParseFrom(value).ContentCase.ToString()).Order(StringComparer.Ordinal));
}
