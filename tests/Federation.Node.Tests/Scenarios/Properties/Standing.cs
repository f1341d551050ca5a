using Federation.Node.Tests.Infrastructure;
using Federation.V1.Node;
using Xunit;

namespace Federation.Node.Tests.Scenarios.Properties;

/// <summary>Where one ledger and its follower stand at a moment at which nothing is under way.</summary>
internal sealed class Standing
{
    private readonly List<DisclosureEntry> entries;
    private readonly OutboundLedger outbound;
    private readonly SortedDictionary<string, RecordView> held;

    private Standing(List<DisclosureEntry> entries, OutboundLedger outbound, SortedDictionary<string, RecordView> held, ulong ownRecords)
    {
        this.entries = entries;
        this.outbound = outbound;
        this.held = held;
        OwnRecords = ownRecords;
    }

    /// <summary>The originator's records that are not erased, the witness's markers included.</summary>
    public ulong OwnRecords { get; }

    public int Size => entries.Count;

    public static async Task<Standing> ReadAsync(PropertyWorld world, string follower) => new(
        await world.DisclosuresAsync(follower),
        await world.Node.OutboundAsync(follower),
        await world.HeldAsync(follower),
        (await world.Node.Operator.GetNodeAsync(new GetNodeRequest())).OwnRecords);

    /// <summary>Asserts that nothing was appended, no receipt was taken, and the follower holds the same.</summary>
    public void AssertUnchanged(Standing after)
    {
        Assert.Equal(entries, after.entries);
        Assert.Equal(outbound, after.outbound);
        Assert.Equal(held, after.held);
    }

    /// <summary>Asserts that what was appended, and what the follower now holds, is what a preview said, neither more nor less.</summary>
    public void AssertChanged(Standing after, DisclosureCounts counts, IReadOnlyList<DisclosureChange> changes, string where)
    {
        Assert.Equal(entries, after.entries[..Size]);
        var appended = after.entries[Size..];
        var said = changes.Select(change => $"{change.RecordId} {change.Effect}").Order(StringComparer.Ordinal).ToList();
        var done = appended.Select(entry => $"{entry.RecordId} {EffectOf(entry)}").Order(StringComparer.Ordinal).ToList();
        Assert.True(said.SequenceEqual(done), $"{where}\nsaid: {string.Join(", ", said)}\ndone: {string.Join(", ", done)}");
        Assert.Equal(
            (Of(changes, DisclosureEffect.Sent), Of(changes, DisclosureEffect.Revised), Of(changes, DisclosureEffect.Withdrawn), OwnRecords),
            (counts.Sent, counts.Revised, counts.Withdrawn, counts.OwnRecords));
        Assert.DoesNotContain(changes, change => change.Pending);
        var reasons = appended.ToDictionary(entry => entry.RecordId, entry => (entry.Rule, entry.Reason));
        Assert.All(changes, change => Assert.Equal((change.Rule, change.Reason), reasons[change.RecordId]));
        AssertHeld(after, changes.ToDictionary(change => change.RecordId), where);
    }

    private static ulong Of(IReadOnlyList<DisclosureChange> changes, DisclosureEffect effect) => (ulong)changes.Count(change => change.Effect == effect);

    private static SortedSet<ulong> PartsOf(SortedDictionary<string, RecordView> held, string record) =>
        held.TryGetValue(record, out var view) ? [.. view.Parts.Select(part => part.PartId)] : [];

    private DisclosureEffect EffectOf(DisclosureEntry entry) => entry.Operation switch
    {
        DisclosureOperation.Withdraw => DisclosureEffect.Withdrawn,
        DisclosureOperation.Disclose => held.ContainsKey(entry.RecordId) ? DisclosureEffect.Revised : DisclosureEffect.Sent,
        _ => DisclosureEffect.Unspecified,
    };

    private void AssertHeld(Standing after, Dictionary<string, DisclosureChange> changes, string where)
    {
        foreach (var record in held.Keys.Union(after.held.Keys).Union(changes.Keys))
        {
            var (before, now) = (PartsOf(held, record), PartsOf(after.held, record));
            if (!changes.TryGetValue(record, out var change))
            {
                Assert.Equal(held.GetValueOrDefault(record), after.held.GetValueOrDefault(record));
                continue;
            }

            Assert.Equal(change.Effect != DisclosureEffect.Withdrawn, after.held.ContainsKey(record));
            Assert.Equal(change.Effect != DisclosureEffect.Sent, held.ContainsKey(record));
            var said = change.Parts.Select(part => $"{part.PartId} {part.Effect}").Order(StringComparer.Ordinal).ToList();
            var done = now.Except(before).Select(part => $"{part} {DisclosureEffect.Sent}")
                .Concat(before.Except(now).Select(part => $"{part} {DisclosureEffect.Withdrawn}")).Order(StringComparer.Ordinal).ToList();
            Assert.True(said.SequenceEqual(done), $"{where}\nparts of {record}\nsaid: {change}\ndone: {string.Join(", ", done)}");
        }
    }
}
