using Federation.Node.Storage;
using Federation.Node.Storage.Sqlite;
using Federation.Node.Tests.Infrastructure;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Xunit;

namespace Federation.Node.Tests.Scenarios.Properties;

public sealed class ViewPropertyTests
{
    private static readonly string[] Fresh = ["jp", "sg"];

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public async Task A_view_as_a_partner_is_byte_for_byte_what_a_fresh_node_of_the_partner_receives(int seed)
    {
        await using var world = await PropertyWorld.StartAsync(seed);
        await world.FillAsync(25);
        for (var edit = 0; edit < 25; edit++)
            await world.EditAsync();
        var shown = 0;
        foreach (var partner in Fresh)
        {
            var node = await world.AddFreshAsync(partner);
            await world.RegroupAsync(world.Pick(RandomDrafts.Groups), [partner]);
            var policy = await world.NewPolicyAsync(partner);
            await world.SettleAsync();
            Assert.Empty(await ViewAsync(world, partner, ""));

            var foreseen = await ViewAsync(world, partner, policy.ToYaml());
            Assert.Equal(0UL, (await world.Node.OutboundAsync(partner)).Appended);
            await world.ApplyAsync(partner, policy);
            var inForce = await ViewAsync(world, partner, "");
            await world.SettleAsync();
            await world.LetFollowAsync(partner);
            await node.WaitForInboundAsync(PropertyWorld.Origin, inbound => inbound.Applied == (ulong)foreseen.Count && inbound.State == InboundState.Tailing);

            Assert.Equal(foreseen, inForce);
            Assert.All(await OneByOneAsync(world, partner), pair => Assert.Equal(foreseen.GetValueOrDefault(pair.Key), pair.Value));
            await AssertReadAsync(node, foreseen);
            await AssertStoredAsync(node, foreseen);
            shown += foreseen.Count;
        }

        Assert.True(shown > 10, $"seed {seed} shows too little: {shown} records");
    }

    [Theory]
    [InlineData(24)]
    [InlineData(25)]
    public async Task A_view_as_a_partner_with_a_long_history_holds_what_the_partner_holds(int seed)
    {
        await using var world = await PropertyWorld.StartAsync(seed, "jp");
        await world.FillAsync(15);
        for (var round = 0; round < 4; round++)
        {
            for (var step = 0; step < 8; step++)
                await ConvergencePropertyTests.ActAsync(world);
            await world.SettleAsync();
            var held = await world.HeldAsync("jp");

            var view = await ViewAsync(world, "jp", "");
            var same = await ViewAsync(world, "jp", RandomPolicies.Respelled(world.Model.Policies["jp"]));

            Assert.Equal(view, same);
            Assert.Equal(held.Keys, view.Keys);
            Assert.All(held, pair => Assert.Equal(Timeless(pair.Value), Timeless(view[pair.Key].Record)));
        }
    }

    // Every record by its id, in pages of random sizes.
    private static async Task<SortedDictionary<string, PartnerView>> ViewAsync(PropertyWorld world, string partner, string policy)
    {
        var views = new SortedDictionary<string, PartnerView>(StringComparer.Ordinal);
        var token = "";
        do
        {
            var size = 1 + world.Next(8);
            var request = new ViewAsPartnerRequest { Partner = partner, Policy = policy, FileName = "view.yaml", PageSize = size, PageToken = token };
            var page = await world.Node.Operator.ViewAsPartnerAsync(request);
            Assert.InRange(page.Records.Count, 0, size);
            foreach (var view in page.Records)
                views.Add(view.Record.RecordId, view);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return views;
    }

    private static async Task<Dictionary<string, PartnerView?>> OneByOneAsync(PropertyWorld world, string partner)
    {
        var views = new Dictionary<string, PartnerView?>();
        foreach (var record in world.Model.Records.Keys)
        {
            var answer = await world.Node.Operator.ViewAsPartnerAsync(new ViewAsPartnerRequest { Partner = partner, RecordId = record });
            views.Add(record, answer.Records.SingleOrDefault());
        }

        return views;
    }

    // What the partner's own systems read is what the view said that they would.
    private static async Task AssertReadAsync(TestNode node, SortedDictionary<string, PartnerView> views)
    {
        var read = await node.ListAllAsync();
        Assert.Equal(views.Keys, read.Values.Select(record => record.RecordId));
        Assert.All(read.Values, record => Assert.Equal(views[record.RecordId].Record, Untimed(record)));
    }

    // What lies in the partner's store: the statement's hash in the leaf, and the openings in the body.
    private static async Task AssertStoredAsync(TestNode node, SortedDictionary<string, PartnerView> views)
    {
        await node.StopAsync();
        await using var store = SqliteNodeStore.Open(node.DatabasePath, "reading", failure => Assert.Fail($"{failure}"));
        var follower = (await store.ReadNodeAsync(Now)).Followers.Single();
        var stretch = await store.ReadInboundAsync(follower.Partner, 0, 1000, Now);
        Assert.Equal(views.Count, stretch.Items.Count);
        foreach (var item in stretch.Items)
        {
            Leaf leaf = Assert.NotNull(item.Leaf);
            var view = views[$"{leaf.Record}"];
            Assert.Equal(Digest.Sha256(view.Statement.Span), leaf.StatementHash);
            var record = stretch.Records[leaf.Seq].Record;
            Assert.Equal(view.Openings.ToByteArray(), BodyBox.Open(record.DataKey, record.Name, record.Version, record.Body).Openings.ToArray());
        }
    }

    private static RecordView Untimed(RecordView record)
    {
        var copy = record.Clone();
        copy.ChangedAt = null;
        return copy;
    }

    // The view is that of a fresh node, whose ledger has no earlier disclosures to count.
    private static RecordView Timeless(RecordView record)
    {
        var copy = Untimed(record);
        copy.Revision = 0;
        return copy;
    }
}
