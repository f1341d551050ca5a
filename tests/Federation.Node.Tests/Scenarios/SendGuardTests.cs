using System.Text;
using Federation.Node.Tests.Infrastructure;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Federation.V1.Records;
using Google.Protobuf;
using Xunit;

namespace Federation.Node.Tests.Scenarios;

/// <summary>What the second decision, at the moment of sending, keeps from a partner. The partner is the test itself, which sees every byte.</summary>
public sealed class SendGuardTests : IAsyncLifetime
{
    private TestFederation federation = null!;
    private TestNode node = null!;
    private TestInstitute partner = null!;
    private TestChannel channel = null!;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        federation = await TestFederation.StartAsync("uk");
        node = federation["uk"];
        partner = new TestInstitute("jp");
        await node.AddPartnerAsync(partner.Card, share: true);
        await node.ApplyPolicyAsync("jp", TestPolicies.Everything);
        channel = new TestChannel(node.PartnerAddress, partner.Tls);
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        await federation.DisposeAsync();
    }

    [Fact]
    public async Task Invariant_I4_once_a_narrower_policy_is_applied_nothing_that_it_forbids_leaves()
    {
        ulong size = 0;
        for (var round = 0; round < 8; round++)
        {
            await node.ApplyPolicyAsync("jp", TestPolicies.Everything);
            for (var i = 0; i < 5; i++)
                await node.PublishAsync(Drafts.Flaw($"flaw {i}", $"secret-of-round-{round}"));
            var entries = size + 5;
            await node.WaitForOutboundAsync("jp", l => l.Appended >= entries && !l.Sweeping);

            await node.ApplyPolicyAsync("jp", TestPolicies.PracticesOnly);
            // From here on the follower that was behind catches up.
            var batches = await CatchUpAsync();

            Assert.DoesNotContain("secret-of-round-", TextOf(batches), StringComparison.Ordinal);
            size = (await node.OutboundAsync("jp")).Appended;
        }
    }

    [Fact]
    public async Task Invariant_I4_once_a_narrower_marking_is_written_the_record_does_not_leave()
    {
        await node.ApplyPolicyAsync("jp", TestPolicies.Green);
        for (var round = 0; round < 8; round++)
        {
            var record = await node.PublishAsync(Drafts.Flaw("soon for fewer", $"secret-{round}"));
            var entries = (ulong)(2 * round) + 1;
            await node.WaitForOutboundAsync("jp", l => l.Appended == entries);

            await node.ReviseAsync(record, 1, Drafts.Flaw("soon for fewer", $"secret-{round}", Marking.Red));
            var batches = await CatchUpAsync();

            Assert.DoesNotContain($"secret-{round}", TextOf(batches), StringComparison.Ordinal);
            await node.WaitForOutboundAsync("jp", l => l.Appended == entries + 1);
        }
    }

    [Fact]
    public async Task A_record_disclosed_and_withdrawn_while_the_partner_was_away_goes_out_as_bare_hashes()
    {
        await node.ApplyPolicyAsync("jp", TestPolicies.Green);
        var hidden = await node.PublishAsync(Drafts.Flaw("never sent"));
        await node.WaitForOutboundAsync("jp", l => l.Appended == 1);
        await node.ReviseAsync(hidden, 1, Drafts.Flaw("never sent", marking: Marking.Red));
        await node.WaitForOutboundAsync("jp", l => l.Appended == 2);
        await node.PublishAsync(Drafts.Practice("sent"));
        await node.WaitForOutboundAsync("jp", l => l.Appended == 3);

        var batches = await CatchUpAsync();

        var items = batches.SelectMany(ItemsOf).ToList();
        Assert.Equal([(BatchItemType.Opaque, 1), (BatchItemType.Entry, 0)], items.Select(i => (i.Type, i.Level)));
        var id = Encoding.Latin1.GetString(RecordId.Parse(hidden).ToBytes());
        Assert.DoesNotContain(id, TextOf(batches), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_superseded_entry_goes_out_as_a_bare_hash_and_the_latest_one_whole()
    {
        var record = await node.PublishAsync(Drafts.Flaw("first title"));
        await node.WaitForOutboundAsync("jp", l => l.Appended == 1);
        await node.ReviseAsync(record, 1, Drafts.Flaw("second title"));
        await node.WaitForOutboundAsync("jp", l => l.Appended == 2);

        var batches = await CatchUpAsync();

        Assert.Equal([BatchItemType.Opaque, BatchItemType.Entry], batches.SelectMany(ItemsOf).Select(i => i.Type));
        Assert.DoesNotContain("first title", TextOf(batches), StringComparison.Ordinal);
        Assert.Contains("second title", TextOf(batches), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_withheld_occurs_in_no_byte_that_a_partner_is_sent()
    {
        await node.ApplyPolicyAsync("jp", TestPolicies.WithoutReproduction);
        var hidden = await node.PublishAsync(Drafts.Flaw("hidden whole", "marker-one", Marking.Red));
        await node.PublishAsync(Drafts.Flaw("shown in part", "marker-two"));
        await node.WaitForOutboundAsync("jp", l => l.Appended == 1 && !l.Sweeping);

        var sent = TextOf(await CatchUpAsync());

        Assert.Contains("shown in part", sent, StringComparison.Ordinal);
        foreach (var marker in new[] { "hidden whole", "marker-one", "marker-two", Encoding.Latin1.GetString(RecordId.Parse(hidden).ToBytes()) })
            Assert.DoesNotContain(marker, sent, StringComparison.Ordinal);
    }

    // Follows from the beginning until a head stands at the tip.
    private async Task<List<FollowResponse>> CatchUpAsync()
    {
        using var bounded = Patience.Bounded();
        var hello = await channel.Exchange.HelloAsync(new HelloRequest { LowestVersion = 1, HighestVersion = 1 }, cancellationToken: Now);
        using var follow = channel.Exchange.Follow(new FollowRequest { LedgerId = hello.LedgerId }, cancellationToken: bounded.Token);
        var batches = new List<FollowResponse>();
        while (await follow.ResponseStream.MoveNext(bounded.Token))
        {
            batches.Add(follow.ResponseStream.Current);
            Assert.True(Head.TryDecode(batches[^1].Head.Payload.Span, out var head, out _));
            if (head.Tip)
                break;
        }

        return batches;
    }

    private static List<BatchItem> ItemsOf(FollowResponse batch)
    {
        Assert.True(BatchFrame.TryRead(batch.Items.Memory, 256, out var items, out var error), error);
        return items;
    }

    private static string TextOf(List<FollowResponse> batches) => string.Concat(batches.Select(b => Encoding.Latin1.GetString(b.ToByteArray())));
}
