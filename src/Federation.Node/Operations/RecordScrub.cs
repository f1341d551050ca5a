using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;

namespace Federation.Node.Operations;

/// <summary>
/// Checks the content of records in the order of change: what is sealed opens, and matches the commitments that are kept beside it; of a
/// received record these make the statement that its entry commits to.
/// </summary>
internal sealed class RecordScrub(INodeStore store, IReadOnlyList<FollowRow> followers)
{
    private const int RecordsAtOnce = 100;

    private static readonly RecordStatus[] Everything = Enum.GetValues<RecordStatus>();

    private readonly Dictionary<int, LedgerId> ledgers = followers.ToDictionary(row => row.Partner, row => row.Ledger);
    private readonly SortedDictionary<int, LiveSet> live = [];

    /// <summary>Leaves the entries of a partner alone, since they can't be believed.</summary>
    public void Leave(int partner) => ledgers.Remove(partner);

    /// <summary>Checks the next records.</summary>
    public async Task<ulong> StepAsync(ulong from, ScrubReport report, CancellationToken cancellationToken)
    {
        var query = new RecordQuery { AfterChangedN = (long)from, Limit = RecordsAtOnce, Statuses = Everything };
        var page = await store.QueryRecordsAsync(query, cancellationToken);
        foreach (var record in page.Records.Where(record => record.Body is not null))
        {
            if (FindFault(record, out var statement) is { } fault)
                await report.AddAsync($"{record.Name.Origin}/{record.Name.Id} {fault}", cancellationToken);
            else if (record.Source != 0 && ledgers.TryGetValue(record.Source, out var ledger))
                await CheckEntryAsync(record, statement, ledger, report, cancellationToken);
        }

        return page.Exhausted ? ulong.MaxValue : (ulong)page.ScannedTo;
    }

    /// <summary>Checks the live entries of each followed ledger that stands as it stood.</summary>
    public async Task FinishAsync(ScrubReport report, CancellationToken cancellationToken)
    {
        var now = (await store.ReadNodeAsync(cancellationToken)).Followers.ToDictionary(row => row.Partner);
        foreach (var row in followers.Where(row => ledgers.ContainsKey(row.Partner) && now.TryGetValue(row.Partner, out var later) && IsSame(row, later)))
        {
            var found = live.GetValueOrDefault(row.Partner) ?? new LiveSet();
            if (report.Findings.Count == 0 && (found.Count != row.LiveCount || !found.Encode().AsSpan().SequenceEqual(row.Buckets)))
                await report.AddAsync($"{found.Count} records of partner {row.Partner} are live, and its ledger says {row.LiveCount}, or others", cancellationToken);
        }
    }

    private static bool IsSame(FollowRow before, FollowRow now) => (before.Incarnation, before.Size) == (now.Incarnation, now.Size);

    private async Task CheckEntryAsync(StoredRecord record, Digest statement, LedgerId ledger, ScrubReport report, CancellationToken cancellationToken)
    {
        var held = (await store.ReadHeldAsync(record.Source, [record.Name], cancellationToken))[0];
        // What was changed since the page was read is looked at in the next pass.
        if (held is null || held.Vrev != (uint)record.Version || !Leaf.TryRead(held.Leaf, out var leaf, out _))
            return;
        if (leaf.StatementHash != statement)
            await report.AddAsync($"{record.Name.Origin}/{record.Name.Id} is not what entry {leaf.Seq} commits to", cancellationToken);
        // What an ended incarnation left is not live in the present one.
        if (held.Past > 0)
            return;
        if (!live.TryGetValue(record.Source, out var set))
            live.Add(record.Source, set = new LiveSet());
        set.Add(leaf.Record, leaf.Hash(ledger));
    }

    private static string? FindFault(StoredRecord record, out Digest statement)
    {
        statement = Digest.Zero;
        try
        {
            var (bytes, _) = BodyBox.Open(record.DataKey, record.Name, record.Version, record.Body);
            if (!Openings.TryDecode(bytes, out var openings, out var error))
                return $"has openings that can't be read: {error}";
            var shape = RecordShape.Decode(record.Shape).Parts.Where(part => !part.Gone).ToList();
            if (shape.Count != openings.Count)
                return $"has {openings.Count} parts, and {shape.Count} are noted";
            var parts = new StatementPart[shape.Count];
            for (var i = 0; i < parts.Length; i++)
            {
                parts[i] = new StatementPart(shape[i].Part, shape[i].ChangedMs, shape[i].Commitment);
                var opening = openings[i];
                var made = PartCommitment.Compute(record.Name.Origin, record.Name.Id, shape[i].Part, shape[i].ChangedMs, opening.Salt, opening.Value.Span);
                if (opening.Part != shape[i].Part || made != shape[i].Commitment)
                    return $"has a part {shape[i].Part:x16} that does not match its commitment";
            }

            statement = Digest.Sha256(Statement.Encode(record.Name.Origin, record.Name.Id, (ushort)record.Kind, (ushort)record.Schema, parts));
            return null;
        }
        catch (Exception fault) when (fault is StoreFaultException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            return $"can't be opened: {fault.Message}";
        }
    }
}
