using Federation.Node.Tests.Infrastructure;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Google.Protobuf;
using Xunit;

namespace Federation.Node.Tests.Exchange;

/// <summary>What a follower does when its originator cheats: the ledger halts with its evidence, nothing of it is shown, the others go on.</summary>
public sealed class HostileOriginTests : IAsyncLifetime
{
    private const int Halted = 3012;

    private static readonly RecordId First = RecordId.Parse("11111111-1111-1111-1111-111111111111");
    private static readonly RecordId Second = RecordId.Parse("22222222-2222-2222-2222-222222222222");
    private static readonly RecordId Third = RecordId.Parse("33333333-3333-3333-3333-333333333333");

    private TestFederation federation = null!;
    private TestNode node = null!;
    private HostileOrigin hostile = null!;

    public static TheoryData<string> AttackNames => [.. Attacks.All.Keys];

    public async ValueTask InitializeAsync()
    {
        federation = await TestFederation.StartPairAsync("sg", "jp", TestPolicies.Everything);
        hostile = await HostileOrigin.StartAsync("uk");
        node = federation["jp"];
        hostile.Append(HostileEntry.Flaw(hostile.Institute, First, "the first"));
        await node.AddPartnerAsync(hostile.Institute.Card, follow: true);
        await node.WaitForRecordAsync("uk", First.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await federation.DisposeAsync();
        await hostile.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(AttackNames))]
    public async Task Invariant_I14_a_tampered_batch_changes_nothing_and_halts_its_ledger_alone(string name)
    {
        var attack = Attacks.All[name];
        node.Log.Expect(Halted);
        hostile.Tamper = attack.Tamper;

        AppendTwo();

        await VerifyHaltAsync(attack.Fault);
        hostile.Tamper = null;
        await VerifyResumeAsync();
    }

    [Fact]
    public async Task Another_ledger_after_first_contact_halts()
    {
        await VerifyHelloAsync("OTHER_LEDGER", r => r.LedgerId = ByteString.CopyFrom(new byte[15].Append((byte)1).ToArray()));
    }

    [Fact]
    public async Task Another_incarnation_after_first_contact_halts()
    {
        await VerifyHelloAsync("OTHER_LEDGER", r => r.Incarnation = 2);
    }

    [Fact]
    public async Task A_hello_without_a_ledger_halts()
    {
        await VerifyHelloAsync("HELLO_MALFORMED", r => r.LedgerId = ByteString.Empty);
    }

    [Fact]
    public async Task A_reported_fork_halts()
    {
        await VerifyHelloAsync("FORK_REPORTED", r => r.Contact = Contact.Fork);
    }

    [Fact]
    public async Task A_head_in_hello_that_another_signed_halts()
    {
        await VerifyHelloAsync("HELLO_SIGNATURE", r => r.Head = TestInstitute.Sign(new TestInstitute("xx").Heads, Head.PaeType, r.Head.Payload.ToByteArray()));
    }

    [Fact]
    public async Task A_head_in_hello_that_shrinks_halts()
    {
        await VerifyHelloAsync("HEAD_SHRINKS", r => ChangeHead(r, h => h with { Size = 0 }));
    }

    [Fact]
    public async Task A_ledger_that_no_longer_begins_with_what_is_held_halts()
    {
        await VerifyHelloAsync("NO_PREFIX", r => ChangeHead(r, h => h with { Root = Digest.Sha256("another history"u8) }));
    }

    [Fact]
    public async Task A_consistency_proof_of_the_wrong_form_halts()
    {
        await VerifyHelloAsync("NO_PREFIX", r => r.ConsistencyProof.Add(ByteString.CopyFrom(1, 2, 3)));
    }

    [Fact]
    public async Task A_record_whose_vrev_goes_back_halts()
    {
        node.Log.Expect(Halted);

        hostile.Append(HostileEntry.Flaw(hostile.Institute, First, "the first, again", vrev: 1));

        await VerifyHaltAsync("VREV_REGRESSES");
        Assert.Equal("the first", (await node.FindAsync("uk", First.ToString()))!.Envelope.Title);
    }

    [Fact]
    public async Task A_halted_ledger_stays_halted_over_a_restart()
    {
        node.Log.Expect(Halted);
        hostile.Tamper = Attacks.All["the root is another"].Tamper;
        AppendTwo();
        await VerifyHaltAsync("ROOT_MISMATCH");
        hostile.Tamper = null;

        await node.StopAsync();
        await node.StartAsync();

        await federation.SettleAsync("sg", "jp");
        var ledger = await node.InboundAsync("uk");
        Assert.Equal((InboundState.Halted, 1UL), (ledger.State, ledger.Applied));
        await VerifyResumeAsync();
    }

    [Fact]
    public async Task A_message_above_1_MiB_is_refused_and_tried_again()
    {
        hostile.Tamper = b => b.Raw = new byte[1024 * 1024 + 1];
        AppendTwo();

        await node.WaitForStateAsync("uk", InboundState.Disconnected);
        await federation.SettleAsync("sg", "jp");
        hostile.Tamper = null;

        await node.WaitForRecordAsync("uk", Third.ToString());
    }

    private void AppendTwo() =>
        hostile.Append(HostileEntry.Flaw(hostile.Institute, Second, "the second"), HostileEntry.Flaw(hostile.Institute, Third, "the third"));

    private async Task VerifyHelloAsync(string fault, Action<HelloResponse> tamper)
    {
        node.Log.Expect(Halted);
        hostile.TamperHello = tamper;
        AppendTwo();
        await node.WaitForRecordAsync("uk", Third.ToString());

        hostile.Disconnect();

        var ledger = await node.WaitForInboundAsync("uk", l => l.State == InboundState.Halted);
        Assert.StartsWith(fault, ledger.LastFault, StringComparison.Ordinal);
        Assert.Equal(fault, Assert.Single(await node.EvidenceAsync("uk")).Fault);
        hostile.TamperHello = null;
        await node.ResumeAsync("uk");
        await node.WaitForStateAsync("uk", InboundState.Tailing);
    }

    private async Task VerifyHaltAsync(string fault)
    {
        var ledger = await node.WaitForInboundAsync("uk", l => l.State == InboundState.Halted);
        Assert.Equal((1UL, 1UL), (ledger.Applied, ledger.LiveRecords));
        Assert.StartsWith(fault, ledger.LastFault, StringComparison.Ordinal);
        var evidence = Assert.Single(await node.EvidenceAsync("uk"));
        Assert.Equal((fault, "uk"), (evidence.Fault, evidence.Partner));
        Assert.NotEmpty(evidence.Objects[0]);
        Assert.NotNull(await node.FindAsync("uk", First.ToString()));
        Assert.Null(await node.FindAsync("uk", Second.ToString()));
        Assert.Null(await node.FindAsync("uk", Third.ToString()));
        await federation.SettleAsync("sg", "jp");
        Assert.Equal(InboundState.Halted, (await node.InboundAsync("uk")).State);
    }

    private async Task VerifyResumeAsync()
    {
        await node.ResumeAsync("uk");
        await node.WaitForRecordAsync("uk", Second.ToString());
        await node.WaitForRecordAsync("uk", Third.ToString());
        await node.WaitForStateAsync("uk", InboundState.Tailing);
    }

    private void ChangeHead(HelloResponse response, Func<Head, Head> change)
    {
        Assert.True(Head.TryDecode(response.Head.Payload.Span, out var head, out _));
        response.Head = TestInstitute.Sign(hostile.Institute.Heads, Head.PaeType, change(head).Encode());
    }
}
