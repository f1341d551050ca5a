using Federation.V1.Node;
using Google.Protobuf;
using Xunit;

namespace Federation.Node.Tests.Scenarios.Properties;

public sealed class RepetitionPropertyTests
{
    private const string Follower = "jp";
    private const int Rounds = 4;

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public async Task Invariant_I8_the_same_policy_in_any_spelling_and_the_same_members_append_nothing(int seed)
    {
        await using var world = await PropertyWorld.StartAsync(seed, Follower);
        await world.FillAsync(25);
        var shown = 0;
        for (var round = 0; round < Rounds; round++)
        {
            await ChangeAsync(world);
            var before = await Standing.ReadAsync(world, Follower);
            var policy = world.Model.Policies[Follower];
            Assert.Equal(await HashAsync(world, policy.ToYaml()), await HashAsync(world, RandomPolicies.Respelled(policy)));

            await world.ApplyTextAsync(Follower, policy.ToYaml());
            await world.ApplyTextAsync(Follower, RandomPolicies.Respelled(policy));
            foreach (var (group, members) in world.Model.Groups.ToList())
                await world.RegroupAsync(group, [.. members.OrderDescending(StringComparer.Ordinal), .. members]);
            await world.SettleAsync();

            before.AssertUnchanged(await Standing.ReadAsync(world, Follower));
            shown += before.Size;
        }

        Assert.True(shown > 10, $"seed {seed} shows too little: {shown} entries");
    }

    [Theory]
    [InlineData(33)]
    [InlineData(34)]
    public async Task Invariant_I8_edits_of_what_the_partner_does_not_see_append_nothing(int seed)
    {
        await using var world = await PropertyWorld.StartAsync(seed, Follower);
        await world.FillAsync(25);
        var edits = 0;
        for (var round = 0; round < Rounds; round++)
        {
            await ChangeAsync(world);
            var before = await Standing.ReadAsync(world, Follower);

            foreach (var record in world.Model.Records.Values.Where(record => !record.Erased && !record.Withdrawn).ToList())
            {
                if (HiddenEdit(world, record, round) is not { } draft)
                    continue;
                await world.ReviseAsync(record, draft);
                edits++;
            }

            await world.SettleAsync();
            before.AssertUnchanged(await Standing.ReadAsync(world, Follower));
            await world.AssertModelAsync($"seed {seed}, round {round}");
        }

        Assert.True(edits > 5, $"seed {seed} shows too little: {edits} edits");
    }

    private static async Task ChangeAsync(PropertyWorld world)
    {
        await world.ApplyAsync(Follower, await world.NewPolicyAsync(Follower));
        for (var edit = 0; edit < 4; edit++)
            await world.EditAsync();
        await world.SettleAsync();
    }

    private static async Task<ByteString> HashAsync(PropertyWorld world, string policy) =>
        (await world.Node.Operator.CheckPolicyAsync(new CheckPolicyRequest { Policy = policy, FileName = "same.yaml" })).ClassHash;

    // Other labels, and another text of the reproduction, of which no rule and no envelope says anything; null where the partner sees that.
    private static RecordDraft? HiddenEdit(PropertyWorld world, ModelRecord record, int round)
    {
        var shown = world.Model.Shown(Follower, record);
        var steps = record.Draft.Parts.SingleOrDefault(part => part.Key == "steps");
        if (steps is null || shown?.Any(part => part.Key == "steps") == true)
            return null;
        var draft = record.Draft.Clone();
        draft.ChangeSummary = $"round {round}";
        var part = draft.Parts.Single(part => part.Key == "steps").Part;
        if (part.FlawReproduction is { } flaw)
            flaw.Prerequisites = $"hidden text {round}";
        else
            part.IncidentReproduction.Prerequisites = $"hidden text {round}";
        return draft;
    }
}
