using Xunit;

namespace Federation.Node.Tests.Scenarios.Properties;

public sealed class ConvergencePropertyTests
{
    private const int Steps = 60;

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task Invariant_I7_after_any_changes_and_absences_each_partner_holds_exactly_what_the_model_says(int seed)
    {
        await using var world = await PropertyWorld.StartAsync(seed, "jp", "sg");
        await world.FillAsync(10);
        for (var step = 0; step < Steps; step++)
            await ActAsync(world);

        await world.SettleAsync();

        await world.AssertModelAsync($"seed {seed}");
        Assert.True(world.Followers.Sum(follower => world.Model.Held(follower).Count) > 5, $"seed {seed} shows too little");
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
