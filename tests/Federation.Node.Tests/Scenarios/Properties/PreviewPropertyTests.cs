using Federation.V1.Node;
using Xunit;

namespace Federation.Node.Tests.Scenarios.Properties;

public sealed class PreviewPropertyTests
{
    private const string Follower = "jp";
    private const int Rounds = 8;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_preview_of_a_policy_is_what_is_appended_once_it_is_applied_and_what_the_partner_then_holds(int seed)
    {
        await using var world = await PropertyWorld.StartAsync(seed, Follower);
        await world.FillAsync(25);
        var total = new DisclosureCounts();
        for (var round = 0; round < Rounds; round++)
        {
            await EditAsync(world);
            // First a ceiling that comes down and goes up and nothing else, which other edits would hide.
            var policy = round switch
            {
                0 => RandomPolicies.Everything with { Ceiling = "GREEN" },
                1 => RandomPolicies.Everything,
                _ => await world.NewPolicyAsync(Follower),
            };
            var before = await Standing.ReadAsync(world, Follower);

            var whole = await PreviewAsync(world, policy.ToYaml(), 1000);
            var paged = await PreviewAsync(world, policy.ToYaml(), 1 + world.Next(3));

            before.AssertUnchanged(await Standing.ReadAsync(world, Follower));
            Assert.Equal(whole.Counts, paged.Counts);
            Assert.Equal(whole.Changes, paged.Changes);
            await world.ApplyAsync(Follower, policy);
            await world.SettleAsync();
            before.AssertChanged(await Standing.ReadAsync(world, Follower), whole.Counts!, whole.Changes, $"seed {seed}, round {round}\n{policy.ToYaml()}");
            Assert.Empty((await PreviewAsync(world, policy.ToYaml(), 1000)).Changes);
            await world.AssertModelAsync($"seed {seed}, round {round}");
            Add(total, whole.Counts!);
        }

        Assert.True(total is { Sent: > 0, Revised: > 0, Withdrawn: > 0 }, $"seed {seed} shows too little: {total}");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_preview_of_a_group_is_what_is_appended_once_it_is_set_and_what_each_partner_then_holds(int seed)
    {
        await using var world = await PropertyWorld.StartAsync(seed, Follower, "sg");
        await world.FillAsync(30);
        foreach (var follower in world.Followers)
            await world.ApplyAsync(follower, RandomPolicies.Everything);
        var total = new DisclosureCounts();
        for (var round = 0; round < Rounds; round++)
        {
            if (round % 3 == 2)
                await world.ApplyAsync(Follower, await world.NewPolicyAsync(Follower));
            await EditAsync(world);
            await RegroupAsync(world, $"seed {seed}, round {round}", total);
            await world.AssertModelAsync($"seed {seed}, round {round}");
        }

        Assert.True(total is { Sent: > 0, Withdrawn: > 0 }, $"seed {seed} shows too little: {total}");
    }

    // Changes a group, and holds the preview of it to what then happens to every follower, concerned or not.
    private static async Task RegroupAsync(PropertyWorld world, string where, DisclosureCounts total)
    {
        var group = world.Pick(RandomDrafts.Groups);
        var was = world.Model.Groups[group];
        string[] members = world.Next(3) == 0 ? world.NewMembers() : was.Contains(Follower) ? ["kr"] : [Follower];
        var before = new Dictionary<string, Standing>();
        var said = new Dictionary<string, (DisclosureCounts? Counts, List<DisclosureChange> Changes)>();
        foreach (var follower in world.Followers)
        {
            before[follower] = await Standing.ReadAsync(world, follower);
            var whole = said[follower] = await PreviewAsync(world, follower, group, members, 1000);
            var paged = await PreviewAsync(world, follower, group, members, 1 + world.Next(3));
            before[follower].AssertUnchanged(await Standing.ReadAsync(world, follower));
            Assert.Equal(whole.Counts, paged.Counts);
            Assert.Equal(whole.Changes, paged.Changes);
            Assert.Equal(was.Contains(follower) != members.Contains(follower), whole.Counts is not null);
        }

        await world.RegroupAsync(group, members);
        await world.SettleAsync();
        foreach (var follower in world.Followers)
        {
            var counts = said[follower].Counts ?? new DisclosureCounts { OwnRecords = before[follower].OwnRecords };
            before[follower].AssertChanged(await Standing.ReadAsync(world, follower), counts, said[follower].Changes, $"{where}, {follower}");
            Add(total, counts);
        }
    }

    private static async Task EditAsync(PropertyWorld world)
    {
        for (var i = 0; i < 3; i++)
            await world.EditAsync();
        await world.SettleAsync();
    }

    private static async Task<(DisclosureCounts? Counts, List<DisclosureChange> Changes)> PreviewAsync(PropertyWorld world, string policy, int pageSize)
    {
        var (counts, changes, token) = ((DisclosureCounts?)null, new List<DisclosureChange>(), "");
        do
        {
            var request = new PreviewPolicyRequest { Partner = Follower, Policy = policy, FileName = "next.yaml", PageSize = pageSize, PageToken = token };
            var page = await world.Node.Operator.PreviewPolicyAsync(request);
            Assert.InRange(page.Changes.Count, 0, pageSize);
            Assert.Equal(token.Length == 0, page.Counts is not null);
            counts ??= page.Counts;
            changes.AddRange(page.Changes);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return (counts, changes);
    }

    private static async Task<(DisclosureCounts? Counts, List<DisclosureChange> Changes)> PreviewAsync(
        PropertyWorld world, string follower, string group, string[] members, int pageSize)
    {
        var (counts, changes, token) = ((DisclosureCounts?)null, new List<DisclosureChange>(), "");
        do
        {
            var request = new PreviewGroupRequest { Name = group, Partner = follower, PageSize = pageSize, PageToken = token };
            request.Members.AddRange(members);
            var page = await world.Node.Operator.PreviewGroupAsync(request);
            Assert.InRange(page.Changes.Count, 0, pageSize);
            counts ??= page.Partners.SingleOrDefault(partner => partner.Partner == follower)?.Counts;
            changes.AddRange(page.Changes);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return (counts, changes);
    }

    private static void Add(DisclosureCounts total, DisclosureCounts counts)
    {
        total.Sent += counts.Sent;
        total.Revised += counts.Revised;
        total.Withdrawn += counts.Withdrawn;
    }
}
