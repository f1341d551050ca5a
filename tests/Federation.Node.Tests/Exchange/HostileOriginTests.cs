using Federation.Node.Tests.Infrastructure;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Merkle;
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
    public async Task Invariant_I14_R3_R25_a_tampered_batch_changes_nothing_and_halts_its_ledger_alone(string name)
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
    public async Task R3_a_hello_that_promises_another_history_than_the_stream_shows_halts()
    {
        node.Log.Expect(Halted);
        hostile.RefuseHello = new Grpc.Core.RpcException(new Grpc.Core.Status(Grpc.Core.StatusCode.Unavailable, "not now"));
        hostile.Disconnect();
        await node.WaitForStateAsync("uk", InboundState.Disconnected);
        AppendTwo();
        // Two other entries behind the first one, with a proof that holds: only the stream can show that they are not what is disclosed.
        hostile.TamperHello = r =>
        {
            Assert.Equal(2, r.ConsistencyProof.Count);
            var first = HostileEntry.Flaw(hostile.Institute, First, "the first").Leaf.Hash(hostile.Ledger);
            Digest[] others = [Digest.Sha256("another second"u8), Digest.Sha256("another third"u8)];
            ChangeHead(r, h => h with { Root = MerkleHash.Node(MerkleHash.Node(first, others[0]), others[1]) });
            r.ConsistencyProof.Clear();
            r.ConsistencyProof.AddRange(others.Select(o => ByteString.CopyFrom(o.ToBytes())));
        };
        hostile.RefuseHello = null;

        var ledger = await node.WaitForInboundAsync("uk", l => l.State == InboundState.Halted);

        Assert.StartsWith("TWO_HISTORIES", ledger.LastFault, StringComparison.Ordinal);
        var evidence = Assert.Single(await node.EvidenceAsync("uk"));
        var (promised, shown) = (HeadIn(evidence, EvidenceKind.ContactHead), HeadIn(evidence, EvidenceKind.PresentedHead));
        Assert.Equal((3UL, 3UL), (promised.Size, shown.Size));
        Assert.NotEqual(promised.Root, shown.Root);
        Assert.Equal((1UL, 1UL), (ledger.Applied, HeadIn(evidence, EvidenceKind.HeldHead).Size));
        hostile.TamperHello = null;
        await VerifyResumeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task R3_where_one_hash_hides_what_hello_promised_a_proof_is_asked_for(bool lies)
    {
        if (lies)
            node.Log.Expect(Halted);
        hostile.RefuseHello = new Grpc.Core.RpcException(new Grpc.Core.Status(Grpc.Core.StatusCode.Unavailable, "not now"));
        hostile.Disconnect();
        await node.WaitForStateAsync("uk", InboundState.Disconnected);
        AppendTwo();
        // By the time of the stream a fourth entry stands behind the three that Hello tells of, and one hash stands for the third and the fourth.
        var fourth = HostileEntry.Flaw(hostile.Institute, RecordId.Parse("44444444-4444-4444-4444-444444444444"), "the fourth");
        var greeted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hostile.TamperHello = r =>
        {
            if (lies)
            {
                Digest[] others = [Digest.Sha256("another second"u8), Digest.Sha256("another third"u8)];
                var first = HostileEntry.Flaw(hostile.Institute, First, "the first").Leaf.Hash(hostile.Ledger);
                ChangeHead(r, h => h with { Root = MerkleHash.Node(MerkleHash.Node(first, others[0]), others[1]) });
                r.ConsistencyProof.Clear();
                r.ConsistencyProof.AddRange(others.Select(o => ByteString.CopyFrom(o.ToBytes())));
            }

            hostile.TamperHello = null;
            greeted.TrySetResult();
        };
        hostile.Tamper = b =>
        {
            if (b.Items.Count != 3)
                return;
            var writer = new BatchWriter();
            writer.AddEntry(b.Items[0].Leaf, b.Items[0].Statement, b.Items[0].Signature, b.Items[0].Openings);
            writer.AddOpaque(1, MerkleHash.Node(b.Items[1].Leaf.Hash(hostile.Ledger), b.Items[2].Leaf.Hash(hostile.Ledger)));
            b.Raw = writer.ToArray();
            b.Head = b.Head with { Tip = false, LiveCount = 0, LiveDigest = Digest.Zero };
        };
        hostile.HoldStreamsUntil = 4;
        hostile.RefuseHello = null;
        await greeted.Task.WaitAsync(TestContext.Current.CancellationToken);
        hostile.Append(fourth);

        if (!lies)
        {
            await node.WaitForRecordAsync("uk", Second.ToString());
            Assert.Equal(4UL, (await node.WaitForInboundAsync("uk", l => l.Applied == 4)).Applied);
            return;
        }

        var ledger = await node.WaitForInboundAsync("uk", l => l.State == InboundState.Halted);
        Assert.StartsWith("TWO_HISTORIES", ledger.LastFault, StringComparison.Ordinal);
        Assert.Equal(1UL, ledger.Applied);
        Assert.Equal(3UL, HeadIn(Assert.Single(await node.EvidenceAsync("uk")), EvidenceKind.ContactHead).Size);
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
        var evidence = Assert.Single(await node.EvidenceAsync("uk"));
        Assert.Equal((fault, EvidenceKind.Hello), (evidence.Fault, evidence.TypedObjects[0].Kind));
        Assert.Equal(3UL, HeadIn(evidence, EvidenceKind.HeldHead).Size);
        // Both signed heads are kept, the good one and the one that was shown.
        HeadIn(evidence, EvidenceKind.PresentedHead);
        await federation.SettleAsync("sg", "jp");
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
        Assert.Equal([EvidenceKind.Batch, EvidenceKind.PresentedHead, EvidenceKind.HeldHead], evidence.TypedObjects.Select(o => o.Kind));
        Assert.Equal(evidence.Objects, evidence.TypedObjects.Select(o => o.Content));
        Assert.Equal(1UL, HeadIn(evidence, EvidenceKind.HeldHead).Size);
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

    private Head HeadIn(EvidenceItem evidence, EvidenceKind kind)
    {
        var signed = SignedBytes.Parser.ParseFrom(Assert.Single(evidence.TypedObjects, o => o.Kind == kind).Content);
        Assert.True(Head.TryDecode(signed.Payload.Span, out var head, out _));
        Assert.True(kind == EvidenceKind.PresentedHead || hostile.Institute.Verifies(KeyPurpose.Head, Head.PaeType, signed));
        return head;
    }

    private void ChangeHead(HelloResponse response, Func<Head, Head> change)
    {
        Assert.True(Head.TryDecode(response.Head.Payload.Span, out var head, out _));
        response.Head = TestInstitute.Sign(hostile.Institute.Heads, Head.PaeType, change(head).Encode());
    }
}
