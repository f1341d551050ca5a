using Xunit;

namespace Federation.Node.Tests.Scenarios.Properties;

public sealed class ConvergencePropertyTests
{
    private const int Legs = 3;
    private const int Steps = 25;

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public async Task Invariant_I7_after_any_changes_and_absences_each_partner_holds_exactly_what_the_model_says(int seed)
    {
        await using var world = await PropertyWorld.StartAsync(seed, "jp", "sg");
        await world.FillAsync(10);
        var (records, entries) = (0, 0);
        for (var leg = 0; leg < Legs; leg++)
        {
            for (var step = 0; step < Steps; step++)
                await ActAsync(world);
            await world.SettleAsync();
            await world.AssertModelAsync($"seed {seed}, leg {leg}");
            records += world.Followers.Sum(follower => world.Model.Held(follower).Count);
        }

        foreach (var follower in world.Followers)
            entries += (await world.DisclosuresAsync(follower)).Count;
        Assert.True(records > 20 && entries > 20, $"seed {seed} shows too little: {records} records, {entries} entries");
    }

    internal static async Task ActAsync(PropertyWorld world)
    {
        var follower = world.Pick(world.Followers);
        switch (world.Next(20))
        {
            case < 5:
                await world.ApplyAsync(follower, await world.NewPolicyAsync(follower));
                break;
            case < 7:
                await world.RegroupAsync(world.Pick(RandomDrafts.Groups), world.NewMembers());
                break;
            case < 9:
                await world.TurnAsync(follower);
                break;
            case 9 when world.Next(3) == 0:
                await world.RestartOriginAsync();
                break;
            default:
                await world.EditAsync();
                break;
        }
    }
}
