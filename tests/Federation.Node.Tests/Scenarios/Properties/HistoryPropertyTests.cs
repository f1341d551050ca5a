using Federation.V1.Node;
using Xunit;

namespace Federation.Node.Tests.Scenarios.Properties;

public sealed class HistoryPropertyTests
{
    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    public async Task Every_entry_of_a_ledger_is_confirmed_by_its_replay_unless_its_facts_are_erased(int seed)
    {
        await using var world = await PropertyWorld.StartAsync(seed, "jp", "sg");
        await world.FillAsync(15);
        for (var leg = 0; leg < 4; leg++)
        {
            for (var step = 0; step < 15; step++)
                await ConvergencePropertyTests.ActAsync(world);
            await world.SettleAsync();
            // What was disclosed for sure is erased.
            if (world.Followers.SelectMany(follower => world.Model.Held(follower).Keys).FirstOrDefault() is { } held)
                await world.EraseAsync(world.Model.Records[held]);
        }

        await world.SettleAsync();
        var (confirmed, erased) = (0, 0);
        foreach (var follower in world.Followers)
        {
            var entries = await world.DisclosuresAsync(follower);
            foreach (var entry in entries)
            {
                var request = new ReplayDecisionRequest { Partner = follower, Seq = entry.Seq };
                var replay = await world.Node.Operator.ReplayDecisionAsync(request, cancellationToken: TestContext.Current.CancellationToken);

                Assert.Equal(entry, replay.Entry);
                Assert.Equal(entry.Operation == DisclosureOperation.Disclose, replay.StatementHash.Length == 32);
                Assert.True(replay.Confirmed || IsErased(world, entry, replay), $"seed {seed}: {replay}");
                (confirmed, erased) = replay.Confirmed ? (confirmed + 1, erased) : (confirmed, erased + 1);
            }

            await AssertListsAgreeAsync(world, follower, entries);
        }

        Assert.True(confirmed > 20 && erased > 0, $"seed {seed} shows too little: {confirmed} confirmed, {erased} erased");
    }

    // Only an erasure, of the record or of one that it referred to, may stand in the way of a replay, and the outcome has to say so.
    private static bool IsErased(PropertyWorld world, DisclosureEntry entry, ReplayDecisionResponse replay)
    {
        var own = world.Model.Records[entry.RecordId].Erased;
        var reason = entry.Operation == DisclosureOperation.Erase ? "the record was erased"
            : own ? "destroyed when it was erased"
            : "of a record that it refers to are not kept: it was erased";
        return !replay.Replayed
            && replay.Outcome.Contains(reason, StringComparison.Ordinal)
            && (own || world.Referred(entry.RecordId).Any(target => world.Model.Records[target].Erased));
    }

    // The entries of one record are those of the whole list, in the same order and in pages of any size.
    private static async Task AssertListsAgreeAsync(PropertyWorld world, string follower, List<DisclosureEntry> entries)
    {
        Assert.Equal(Enumerable.Range(0, entries.Count).Select(seq => (ulong)seq), entries.Select(entry => entry.Seq));
        Assert.Equal(entries, await world.DisclosuresAsync(follower, pageSize: 3));
        foreach (var record in world.Model.Records.Keys)
        {
            var expected = entries.Where(entry => entry.RecordId == record);
            if (expected.Any())
                Assert.Equal(expected, await world.DisclosuresAsync(follower, record, 1 + world.Next(3)));
        }
    }
}
