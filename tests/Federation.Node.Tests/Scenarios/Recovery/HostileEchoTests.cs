using Federation.Node.Tests.Infrastructure;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Google.Protobuf;
using Xunit;

namespace Federation.Node.Tests.Scenarios.Recovery;

/// <summary>What a restored originator does when its follower echoes garbage, a part, or hides what it holds: it signs nothing.</summary>
public sealed class HostileEchoTests : IAsyncLifetime
{
    private const int Forked = 3002;

    private TestFederation federation = null!;
    private TestNode node = null!;
    private HostileFollower partner = null!;
    private SignedBytes older = null!;

    public async ValueTask InitializeAsync()
    {
        federation = await TestFederation.StartAsync("uk");
        node = federation["uk"];
        partner = await HostileFollower.StartAsync("jp");
        await node.AddPartnerAsync(partner.Institute.Card, share: true);
        await node.ApplyPolicyAsync("jp", TestPolicies.Everything);
        await PublishAsync("before", 2);
        await partner.FollowAsync(node, 2);
        older = partner.Last;
        await RestoredPair.SaveAsync(node);
        await PublishAsync("after", 3);
        await partner.FollowAsync(node, 5);
    }

    public async ValueTask DisposeAsync()
    {
        await partner.DisposeAsync();
        await federation.DisposeAsync();
    }

    [Fact]
    public async Task Row_R1_an_echo_that_is_not_what_was_signed_forks_with_its_evidence_and_signs_nothing_I3()
    {
        node.Log.Expect(Forked);
        // Another revision of the same record: a leaf that was never signed.
        partner.Tamper = echo => [.. echo.Select(message => Altered(message, bytes => bytes[2 + 1 + 45] ^= 2))];
        await RestoredPair.RestoreAsync(node, loseAnchor: true);

        Assert.Equal(Contact.Behind, (await partner.HelloAsync(node, partner.Last)).Contact);

        await node.WaitForOutboundAsync("jp", l => l.State == OutboundState.Forked);
        var evidence = Assert.Single(await node.EvidenceAsync("jp"));
        Assert.Equal("LEDGER_FORKED", evidence.Fault);
        Assert.Equal(partner.Last, SignedBytes.Parser.ParseFrom(evidence.Objects[0]));
        Assert.Equal((Contact.Fork, null), ((await partner.HelloAsync(node, partner.Last)).Contact, (await partner.HelloAsync(node, null)).Head));
        Assert.Equal(0UL, (await node.OutboundAsync("jp")).RecoveredEntries);
    }

    [Fact]
    public async Task Row_R1_an_echo_without_its_end_is_waited_for_and_signs_nothing_I3()
    {
        partner.Tamper = echo => [.. echo.Where((_, i) => i != echo.Count - 2)];
        await RestoredPair.RestoreAsync(node, loseAnchor: true);
        Assert.Equal(Contact.Behind, (await partner.HelloAsync(node, partner.Last)).Contact);

        var ledger = await node.WaitForOutboundAsync("jp", l => l.RecoveringFault.Length > 0);

        Assert.Equal((OutboundState.Recovering, 5UL), (ledger.State, ledger.RecoveringTo));
        Assert.Equal((Contact.Behind, null), ((await partner.HelloAsync(node, older)).Contact, (await partner.HelloAsync(node, null)).Head));
        await ComesBackAsync();
    }

    [Fact]
    public async Task Row_R1_content_that_does_not_belong_to_its_entry_is_not_taken()
    {
        // The last byte of a message is the end of a record's last part.
        partner.Tamper = echo => [.. echo.Select(message => Altered(message, bytes => bytes[^1] ^= 1))];
        await RestoredPair.RestoreAsync(node, loseAnchor: true);
        Assert.Equal(Contact.Behind, (await partner.HelloAsync(node, partner.Last)).Contact);

        var ledger = await node.WaitForOutboundAsync("jp", l => l.RecoveredEntries == 3);

        // What this node can't vouch for is taken back.
        Assert.InRange(ledger.RecoveredRecords, 0UL, 2UL);
        await node.WaitForOutboundAsync("jp", l => !l.Sweeping && l.LiveRecords == 2 + ledger.RecoveredRecords);
        Assert.Equal(Contact.Ok, (await partner.HelloAsync(node, partner.Last)).Contact);
    }

    [Fact]
    public async Task Row_R1_a_follower_that_hides_its_newest_head_gets_nothing_signed_while_the_anchor_is_there_I3()
    {
        partner.Tamper = echo => [new EchoResponse { FirstSeq = 2, Head = older }];
        await RestoredPair.RestoreAsync(node, loseAnchor: false);
        await PublishAsync("other", 4);

        Assert.Equal((Contact.Behind, null), ((await partner.HelloAsync(node, older)).Contact, (await partner.HelloAsync(node, null)).Head));

        var ledger = await node.WaitForOutboundAsync("jp", l => l.RecoveringFault.Contains("ask jp", StringComparison.Ordinal));
        Assert.Equal((OutboundState.Recovering, 5UL, 2UL), (ledger.State, ledger.RecoveringTo, ledger.Signed));
        Assert.Empty(await node.EvidenceAsync("jp"));
        await ComesBackAsync();
        Assert.Equal(9UL, (await node.WaitForOutboundAsync("jp", l => l.LiveRecords == 9)).Appended);
    }

    // The follower echoes what it holds, and the ledger goes on where it was.
    private async Task ComesBackAsync()
    {
        partner.Tamper = echo => echo;
        var ledger = await node.WaitForOutboundAsync("jp", l => l.RecoveredEntries == 3);
        Assert.Equal((OutboundState.Unconfirmed, 3UL), (ledger.State, ledger.RecoveredRecords));
        var hello = await partner.HelloAsync(node, partner.Last);
        Assert.Equal(Contact.Ok, hello.Contact);
        Assert.True(HostileFollower.SizeOf(hello.Head) >= 5);
    }

    private static EchoResponse Altered(EchoResponse message, Action<byte[]> alter)
    {
        if (message.Items.IsEmpty)
            return message;
        var bytes = message.Items.ToByteArray();
        alter(bytes);
        return new EchoResponse { FirstSeq = message.FirstSeq, Items = ByteString.CopyFrom(bytes) };
    }

    private async Task PublishAsync(string what, int count)
    {
        for (var i = 0; i < count; i++)
            await node.PublishAsync(Drafts.Practice($"{what} {i}"));
    }
}
