using Federation.Node.Storage;
using Federation.Node.Tests.Infrastructure;
using Federation.Node.Tests.Storage;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Scenarios;

/// <summary>
/// Changes of policy over 50 records, disturbed at every step. A sweep appends what the partner loses, then what it gains, then what was
/// written meanwhile; each run ends with the full verification of both stores.
/// </summary>
public sealed class SweepTests
{
    private const string Append = nameof(INodeStore.AppendDisclosuresAsync);

    // Concerns no practice.
    private const string FlawsToo = $"""
        {TestPolicies.PracticesOnly}
          - name: flaws
            allow:
              kinds: [flaw]
        """;

    private static readonly StoreFault[] Faults = [StoreFault.FailedAndNotPersisted, StoreFault.FailedButPersisted, StoreFault.DiedBefore];

    [Fact]
    public async Task What_waits_at_one_tick_is_appended_in_one_order_held_records_first_and_each_by_public_id_I6()
    {
        await using var pair = await FaultyPair.StartAsync(TestPolicies.Green);
        var uk = pair.Origin.Node;
        var held = await pair.PublishAsync(Enumerable.Range(0, 12).Select(i => Drafts.Flaw($"held {i}")));
        await pair.SettleAsync("publication");
        var from = (int)(await uk.OutboundAsync("jp")).Appended;
        IReadOnlyList<string> added = [];
        // While one batch waits for its store, the next round gathers: new records first, then revisions in the order of publication.
        pair.Origin.BeforeAppend = async batch =>
        {
            if (added.Count > 0 || batch.Appends.Count == 0)
                return;
            added = await pair.PublishAsync(Enumerable.Range(0, 12).Select(i => Drafts.Flaw($"new {i}")));
            foreach (var record in held)
                await uk.ReviseAsync(record, 1, Drafts.Flaw("revised"));
        };
        await uk.PublishAsync(Drafts.Flaw("the first"));
        await pair.SettleAsync("a round");

        var entries = (await OwnLedgerCheck.ReadEntriesAsync(pair.Origin.Store, 1, TestContext.Current.CancellationToken)).Skip(from);
        var known = held.Concat(added).Select(RecordId.Parse).ToHashSet();
        Assert.Equal(
            [.. held.Select(RecordId.Parse).Order(), .. added.Select(RecordId.Parse).Order()],
            entries.Select(entry => entry.Name.Id).Where(known.Contains));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_change_that_is_disturbed_at_any_append_ends_as_an_undisturbed_one(int call)
    {
        await using var pair = await FaultyPair.StartAsync(TestPolicies.PracticesOnly);
        await pair.PublishAsync(Fifty());
        await pair.SettleAsync("publication");
        var narrow = await pair.SeenAsync();
        await ChangeAsync(pair, TestPolicies.WithoutReproduction, "undisturbed widening");
        var wide = await pair.SeenAsync();
        Assert.Equal((10, 40), (narrow.Count, wide.Count));
        await ChangeAsync(pair, TestPolicies.PracticesOnly, "undisturbed narrowing");

        foreach (var fault in Faults)
        {
            pair.Origin.Order(Append, call, fault);
            await ChangeAsync(pair, TestPolicies.WithoutReproduction, $"widening, {fault} at {call}", disturbed: true);
            Assert.Equal(wide, await pair.SeenAsync());
            pair.Origin.Order(Append, call, fault);
            await ChangeAsync(pair, TestPolicies.PracticesOnly, $"narrowing, {fault} at {call}", disturbed: true);
            Assert.Equal(narrow, await pair.SeenAsync());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_is_written_while_a_sweep_is_at_work_is_not_missed(int step)
    {
        await using var pair = await FaultyPair.StartAsync(TestPolicies.PracticesOnly);
        var records = await pair.PublishAsync(Fifty());
        await pair.SettleAsync("publication");
        var (uk, jp) = (pair.Origin.Node, pair.Follower.Node);
        var written = "";
        AtStep(pair, step, async () =>
        {
            written = await uk.PublishAsync(Drafts.Flaw("written meanwhile"));
            await uk.ReviseAsync(records[0], 1, Drafts.Flaw("revised meanwhile"));
            await uk.ReviseAsync(records[1], 1, Drafts.Flaw("marked meanwhile", marking: Marking.Red));
            await uk.EraseAsync(records[2], 1);
            // One that the partner holds, and that the sweep may have passed by.
            await uk.ReviseAsync(records[40], 1, Drafts.Practice("held, and revised meanwhile"));
        });

        await ChangeAsync(pair, TestPolicies.WithoutReproduction, $"writes at step {step}");

        Assert.Equal("written meanwhile", (await jp.FindAsync("uk", written))!.Envelope.Title);
        Assert.Equal("revised meanwhile", (await jp.FindAsync("uk", records[0]))!.Envelope.Title);
        Assert.Equal("held, and revised meanwhile", (await jp.FindAsync("uk", records[40]))!.Envelope.Title);
        Assert.Null(await jp.FindAsync("uk", records[1]));
        Assert.Null(await jp.FindAsync("uk", records[2]));
        // Of the 40 that the policy shows two are gone, and one is new.
        Assert.Equal(39, (await pair.SeenAsync()).Count);
    }

    [Fact]
    public async Task What_was_written_just_before_a_change_of_policy_and_not_yet_judged_is_not_missed()
    {
        await using var pair = await FaultyPair.StartAsync(TestPolicies.PracticesOnly);
        var records = await pair.PublishAsync(Fifty());
        await pair.SettleAsync("publication");
        var done = false;
        // While the discloser waits for its store, a practice is revised, which the change of policy does not concern, and one is published.
        pair.Origin.BeforeAppend = async batch =>
        {
            // A tick passes within the sweep, at which the changes are judged for all others: afterwards nobody else looks at them.
            if (batch.Sweep is not null)
                await Task.Delay(40, TestContext.Current.CancellationToken);
            if (done || batch.Appends.Count == 0)
                return;
            done = true;
            await pair.Origin.Node.ReviseAsync(records[40], 1, Drafts.Practice("held, and revised before"));
            await pair.Origin.Node.PublishAsync(Drafts.Practice("published before"));
            await pair.ApplyAsync(FlawsToo);
        };
        await pair.Origin.Node.PublishAsync(Drafts.Practice("published first"));
        await pair.SettleAsync("a change of policy");

        Assert.True(done);
        Assert.Equal("held, and revised before", (await pair.Follower.Node.FindAsync("uk", records[40]))!.Envelope.Title);
        // Two practices more than the 40 that the policy shows.
        Assert.Equal(42, (await pair.SeenAsync()).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_is_written_during_a_sweep_that_is_cut_then_is_not_missed(int step)
    {
        await using var pair = await FaultyPair.StartAsync(TestPolicies.PracticesOnly);
        var records = await pair.PublishAsync(Fifty());
        await pair.SettleAsync("publication");
        AtStep(pair, step, async () =>
        {
            await pair.Origin.Node.ReviseAsync(records[40], 1, Drafts.Practice("held, and revised meanwhile"));
            await pair.Origin.Node.ReviseAsync(records[0], 1, Drafts.Flaw("revised meanwhile"));
            // As when entries of another partner have the position saved: these changes are not judged again after the restart.
            var store = pair.Origin.Store;
            Assert.True(await store.AppendDisclosuresAsync(LedgerStage.Batch(position: store.LastChangedN), TestContext.Current.CancellationToken));
            pair.Origin.Order(Append, 1, StoreFault.DiedBefore);
        });

        await ChangeAsync(pair, TestPolicies.WithoutReproduction, $"the end of the process after step {step}", disturbed: true);

        Assert.Equal("held, and revised meanwhile", (await pair.Follower.Node.FindAsync("uk", records[40]))!.Envelope.Title);
        Assert.Equal("revised meanwhile", (await pair.Follower.Node.FindAsync("uk", records[0]))!.Envelope.Title);
        Assert.Equal(40, (await pair.SeenAsync()).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_refers_to_a_record_that_comes_into_sight_or_goes_out_of_it_while_a_sweep_is_at_work_follows_it(int step)
    {
        await using var pair = await FaultyPair.StartAsync(TestPolicies.PracticesOnly);
        var records = await pair.PublishAsync(Fifty());
        var (uk, jp) = (pair.Origin.Node, pair.Follower.Node);
        var (coming, going) = (await uk.PublishAsync(Drafts.Practice("coming", marking: Marking.Red)), await uk.PublishAsync(Drafts.Practice("going")));
        var naming = await uk.PublishAsync(Drafts.Practice("names what comes").Linking("uk", coming));
        var named = await uk.PublishAsync(Drafts.Practice("names what goes").Linking("uk", going));
        await pair.SettleAsync("publication");
        Assert.Equal((1, 2), ((await jp.FindAsync("uk", naming))!.Parts.Count, (await jp.FindAsync("uk", named))!.Parts.Count));
        AtStep(pair, step, async () =>
        {
            await uk.ReviseAsync(coming, 1, Drafts.Practice("coming"));
            await uk.ReviseAsync(going, 1, Drafts.Practice("going", marking: Marking.Red));
        });

        await ChangeAsync(pair, TestPolicies.WithoutReproduction, $"a flip at step {step}");

        Assert.Equal((2, 1), ((await jp.FindAsync("uk", naming))!.Parts.Count, (await jp.FindAsync("uk", named))!.Parts.Count));
    }

    [Fact]
    public async Task A_preview_while_a_sweep_is_at_work_says_what_the_next_one_appends()
    {
        await using var pair = await FaultyPair.StartAsync(TestPolicies.PracticesOnly);
        await pair.PublishAsync(Fifty());
        await pair.SettleAsync("publication");
        var uk = pair.Origin.Node;
        var before = (await uk.OutboundAsync("jp")).Appended;
        var counts = new DisclosureCounts();
        // The first sweep would show thirty flaws. It is overtaken before it has appended any; the preview counts from what the ledger says.
        AtStep(pair, 2, async () =>
        {
            var request = new PreviewPolicyRequest { Partner = "jp", Policy = TestPolicies.Everything, FileName = "policy.yaml" };
            counts = (await uk.Operator.PreviewPolicyAsync(request, cancellationToken: TestContext.Current.CancellationToken)).Counts;
            await uk.ApplyPolicyAsync("jp", TestPolicies.Everything);
        });
        await pair.ApplyAsync(TestPolicies.Green);
        await Patience.UntilAsync(async () => (await uk.PartnerAsync("jp")).PolicyEpoch == 3, () => "the second policy");
        await uk.WaitForOutboundAsync("jp", l => !l.Sweeping);

        var ledger = await uk.OutboundAsync("jp");
        Assert.True(counts.Sent >= 40 && counts.ConfirmationRequired, $"{counts}");
        Assert.Equal(counts.Sent + counts.Revised + counts.Withdrawn, ledger.Appended - before);
        await pair.SettleAsync("a preview in the middle of a sweep");
        Assert.Equal(50, (await pair.SeenAsync()).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_policy_that_is_replaced_during_its_sweep_leaves_nothing_behind(int step)
    {
        await using var pair = await FaultyPair.StartAsync(TestPolicies.PracticesOnly);
        await pair.PublishAsync(Fifty());
        await pair.SettleAsync("publication");
        AtStep(pair, step, () => pair.ApplyAsync(TestPolicies.Green));

        // Everything shows amber records and reproductions; green takes both back, the record before it never had them.
        await ChangeAsync(pair, TestPolicies.Everything, $"a second policy at step {step}");

        var seen = await pair.SeenAsync();
        Assert.Equal(40, seen.Count);
        Assert.DoesNotContain(seen, title => title.StartsWith("amber", StringComparison.Ordinal));
        Assert.Equal(3UL, (await pair.Origin.Node.PartnerAsync("jp")).PolicyEpoch);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_policy_that_is_taken_back_during_its_sweep_ends_where_it_began(int step)
    {
        await using var pair = await FaultyPair.StartAsync(TestPolicies.WithoutReproduction);
        await pair.PublishAsync(Fifty());
        await pair.SettleAsync("publication");
        var before = await pair.SeenAsync();
        AtStep(pair, step, () => pair.ApplyAsync(TestPolicies.WithoutReproduction));

        await ChangeAsync(pair, TestPolicies.PracticesOnly, $"back at step {step}");

        Assert.Equal(before, await pair.SeenAsync());
    }

    [Fact]
    public async Task A_follower_that_was_away_during_changes_gets_what_they_came_to()
    {
        await using var pair = await FaultyPair.StartAsync(TestPolicies.PracticesOnly);
        await pair.PublishAsync(Fifty());
        await pair.SettleAsync("publication");
        var (uk, jp) = (pair.Origin.Node, pair.Follower.Node);
        foreach (var (policy, shown) in new[] { (TestPolicies.Green, 40), (TestPolicies.PracticesOnly, 10), (TestPolicies.Everything, 50) })
        {
            await jp.StopAsync();
            await pair.ApplyAsync(policy);
            await uk.WaitForOutboundAsync("jp", l => !l.Sweeping);
            await jp.StartAsync();
            await pair.SettleAsync("coming back");
            Assert.Equal(shown, (await pair.SeenAsync()).Count);
        }
    }

    [Fact]
    public async Task A_partner_is_sent_nothing_of_a_sweep_before_all_of_it_is_appended_I6()
    {
        await using var pair = await FaultyPair.StartAsync(TestPolicies.PracticesOnly);
        await pair.PublishAsync(Fifty());
        await pair.SettleAsync("publication");
        var before = (await pair.Follower.Node.InboundAsync("uk")).Applied;
        var (reached, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        AtStep(pair, 2, () =>
        {
            reached.SetResult();
            return released.Task;
        });
        // Ten practices go first, thirty flaws come after them.
        await pair.ApplyAsync(TestPolicies.PracticesOnly.Replace("practice", "flaw", StringComparison.Ordinal));
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        var (appended, applied) = ((await pair.Origin.Node.OutboundAsync("jp")).Appended, (await pair.Follower.Node.InboundAsync("uk")).Applied);
        released.SetResult();

        Assert.Equal((before + 11, before), (appended, applied));
        await pair.Follower.Node.WaitForInboundAsync("uk", l => l.LiveRecords == 30);
    }

    [Fact]
    public async Task An_originator_that_is_stopped_during_a_sweep_goes_on_with_it()
    {
        await using var pair = await FaultyPair.StartAsync(TestPolicies.PracticesOnly);
        await pair.PublishAsync(Fifty());
        await pair.SettleAsync("publication");
        var held = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        AtStep(pair, 2, () =>
        {
            reached.SetResult();
            return held.Task;
        });
        await pair.ApplyAsync(TestPolicies.Green);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var stopping = pair.Origin.Node.StopAsync();
        held.SetResult();
        await stopping;
        await pair.Origin.Node.StartAsync();

        await pair.SettleAsync("a stop");

        Assert.Equal(40, (await pair.SeenAsync()).Count);
    }

    // Ten practices, thirty flaws that a policy of AMBER or GREEN shows, ten that only one above does. The flaws come first.
    private static IEnumerable<RecordDraft> Fifty() =>
    [
        .. Enumerable.Range(0, 30).Select(i => Drafts.Flaw($"green {i}")),
        .. Enumerable.Range(0, 10).Select(i => Drafts.Flaw($"amber {i}", marking: Marking.AmberStrict)),
        .. Enumerable.Range(0, 10).Select(i => Drafts.Practice($"practice {i}")),
    ];

    private static async Task ChangeAsync(FaultyPair pair, string policy, string what, bool disturbed = false)
    {
        await pair.ApplyAsync(policy);
        if (disturbed)
            await pair.Origin.ComeThroughAsync(what);
        await pair.SettleAsync(what);
    }

    // Does something at the n-th append of the next sweep, while the discloser waits for its store.
    private static void AtStep(FaultyPair pair, int step, Func<Task> act)
    {
        var steps = 0;
        pair.Origin.BeforeAppend = batch => batch.Sweep is not null && ++steps == step ? act() : Task.CompletedTask;
    }
}
