using Federation.Node.Tests.Infrastructure;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Google.Protobuf;
using Grpc.Core;
using Xunit;
using NodeSubmission = Federation.V1.Node.SubmitEvidenceRequest;
using Submission = Federation.V1.Exchange.SubmitEvidenceRequest;

namespace Federation.Node.Tests.Exchange;

/// <summary>
/// I19, R4: whatever an originator signs that can't both be true, an honest follower that got both keeps them, as a proof that anybody can check;
/// an operator hands it to another institute, which checks it and keeps it too.
/// </summary>
public sealed class ContradictionTests : IAsyncLifetime
{
    private const int Halted = 3012;

    private TestFederation federation = null!;
    private HostileOrigin hostile = null!;
    private TestInstitute stranger = null!;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private TestNode Jp => federation["jp"];

    private TestNode Sg => federation["sg"];

    public async ValueTask InitializeAsync()
    {
        federation = await TestFederation.StartPairAsync("sg", "jp", TestPolicies.Everything);
        await Jp.AddPartnerAsync(await Sg.CardAsync(), share: true);
        hostile = await HostileOrigin.StartAsync("uk");
        stranger = new TestInstitute("xx");
        await Jp.AddPartnerAsync(hostile.Institute.Card, follow: true);
    }

    public async ValueTask DisposeAsync()
    {
        await federation.DisposeAsync();
        await hostile.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    public async Task I19_whatever_contradicts_itself_under_signatures_is_kept_as_proof(int seed)
    {
        var random = new Random(seed);
        Jp.Log.Expect(Halted);
        var records = Enumerable.Range(0, 1 + random.Next(12)).Select(_ => NewRecord(random)).ToList();
        foreach (var record in records)
            hostile.Append(HostileEntry.Flaw(hostile.Institute, record, $"record {record}"));
        await Jp.WaitForInboundAsync("uk", l => l.Applied == (ulong)records.Count);

        if (seed % 2 == 0)
            SignTwoHeads(random);
        else
            ContradictPart(random, records);

        var ledger = await Jp.WaitForInboundAsync("uk", l => l.State == InboundState.Halted);
        Assert.Equal((ulong)records.Count, ledger.Applied);
        var evidence = Assert.Single(await Jp.EvidenceAsync("uk"));
        AssertProof(evidence);
        foreach (var record in records)
            Assert.Equal($"record {record}", (await Jp.FindAsync("uk", record.ToString()))!.Envelope.Title);
        await federation.SettleAsync("sg", "jp");
    }

    [Fact]
    public async Task I19_what_contradicts_a_statement_of_an_ended_incarnation_is_kept_as_proof()
    {
        Jp.Log.Expect(Halted);
        var random = new Random(5);
        var records = Enumerable.Range(0, 5).Select(_ => NewRecord(random)).ToList();
        hostile.Append([.. records.Select(record => HostileEntry.Flaw(hostile.Institute, record, "the truth"))]);
        await Jp.WaitForInboundAsync("uk", l => l.Applied == 5);
        // Where the record stood another one stands now.
        hostile.BeginAnew(
            HostileEntry.Flaw(hostile.Institute, records[0], "the truth"),
            HostileEntry.Flaw(hostile.Institute, NewRecord(random), "beside it"),
            HostileEntry.Flaw(hostile.Institute, records[1], "another truth"));
        await Jp.WaitForInboundAsync("uk", l => l.State == InboundState.Halted);

        await Jp.Operator.AcceptLedgerResetAsync(new AcceptLedgerResetRequest { Partner = "uk", Incarnation = 2 }, cancellationToken: Now);

        await Jp.WaitForInboundAsync("uk", l => l.LastFault.StartsWith("PART_CONTRADICTED", StringComparison.Ordinal));
        var evidence = Assert.Single(await Jp.EvidenceAsync("uk"), item => item.Fault == "PART_CONTRADICTED");
        Assert.True(Contradiction.TryProve(evidence.TypedObjects[0], evidence.TypedObjects[1], hostile.Institute.Id, Keys(hostile.Institute), out var detail), detail);
    }

    [Fact]
    public async Task R4_a_revision_that_contradicts_nothing_is_no_evidence()
    {
        var record = NewRecord(new Random(1));
        hostile.Append(HostileEntry.Flaw(hostile.Institute, record, "as it was"));
        await Jp.WaitForRecordAsync("uk", record.ToString());

        hostile.Append(HostileEntry.Flaw(hostile.Institute, record, "as it is now", vrev: 2));

        await Jp.WaitForRecordAsync("uk", record.ToString(), r => r.Envelope.Title == "as it is now");
        Assert.Empty(await Jp.EvidenceAsync("uk"));
    }

    [Fact]
    public async Task Evidence_that_an_operator_submits_is_checked_and_kept_with_who_submitted_it()
    {
        await federation.LetFollowAsync("jp", "sg", TestPolicies.Everything);
        var number = await LieAsync();

        var answer = await Jp.Operator.SubmitEvidenceAsync(new NodeSubmission { Number = number, Partner = "sg" }, cancellationToken: Now);
        Assert.True(answer.Taken, answer.Refusal);
        await Patience.UntilAsync(
            async () => (await Jp.Operator.SubmitEvidenceAsync(new NodeSubmission { Number = number, Partner = "sg" }, cancellationToken: Now)).Taken, () => "a second submission that is taken");

        var kept = Assert.Single(await Sg.EvidenceAsync(""));
        Assert.Equal(("SUBMITTED_STATEMENTS", "jp", ""), (kept.Fault, kept.SubmittedBy, kept.Partner));
        Assert.Contains("uk, which is no partner here", kept.Detail, StringComparison.Ordinal);
        AssertProof(kept);
        Assert.Single(await Jp.EvidenceAsync("uk"));
        await Sg.WaitForStateAsync("jp", InboundState.Tailing);
    }

    [Fact]
    public async Task What_proves_no_contradiction_is_refused_and_not_kept()
    {
        var (first, second) = (HeadOf(7, "one root"), HeadOf(7, "another root"));
        await RefusedAsync("FIELD_INVALID", Submit(stranger, Signed(stranger, first), Signed(stranger, first)));
        await RefusedAsync("FIELD_INVALID", Submit(stranger, Signed(stranger, first), Signed(stranger, second with { Size = 8 })));
        await RefusedAsync("FIELD_INVALID", Submit(stranger, Signed(stranger, first), Signed(hostile.Institute, second)));
        await RefusedAsync("FIELD_INVALID", Submit(stranger, Signed(stranger, first)));
        await RefusedAsync("SIGNATURE_INVALID", new Submission { Institute = "xx", Objects = { Signed(stranger, first), Signed(stranger, second) } });
        var renamed = Submit(stranger, Signed(stranger, first), Signed(stranger, second));
        renamed.Institute = "jp";
        await RefusedAsync("SIGNATURE_INVALID", renamed);
        await RefusedAsync("FIELD_INVALID", Submit(stranger, new EvidenceObject { Kind = EvidenceKind.Statement }, new EvidenceObject { Kind = EvidenceKind.Statement }));

        Assert.Empty(await Jp.EvidenceAsync(""));
    }

    [Fact]
    public async Task What_a_partner_submits_is_kept_under_its_name_and_taken_once_a_second()
    {
        for (var i = 0; i < 3; i++)
            await TakeAsync(Submit(stranger, Signed(stranger, HeadOf(7, "one root")), Signed(stranger, HeadOf(7, $"another root {i}"))));

        Assert.Equal(3, (await Jp.EvidenceAsync("")).Count);
        Assert.All(await Jp.EvidenceAsync(""), item => Assert.Equal("sg", item.SubmittedBy));
        var outcome = await OutcomeAsync(Submit(stranger, Signed(stranger, HeadOf(7, "one root")), Signed(stranger, HeadOf(7, "too soon"))));
        Assert.Equal("RATE_LIMITED", outcome);
    }

    // A part of a record that is held, with the time of change that it had and another value.
    private void ContradictPart(Random random, List<RecordId> records)
    {
        var record = records[random.Next(records.Count)];
        var lie = HostileEntry.Flaw(hostile.Institute, record, "another truth", vrev: 2, changedAs: 1);
        var before = Enumerable.Range(0, random.Next(3)).Select(_ => HostileEntry.Flaw(hostile.Institute, NewRecord(random), "beside it"));
        hostile.Append([.. before, lie]);
    }

    private void SignTwoHeads(Random random)
    {
        var root = new byte[32];
        random.NextBytes(root);
        hostile.Tamper = batch => batch.Head = batch.Head with { Root = Digest.Read(root) };
        hostile.Disconnect();
    }

    private async Task<ulong> LieAsync()
    {
        Jp.Log.Expect(Halted);
        var random = new Random(99);
        var records = new List<RecordId> { NewRecord(random), NewRecord(random) };
        foreach (var record in records)
            hostile.Append(HostileEntry.Flaw(hostile.Institute, record, "the truth"));
        await Jp.WaitForInboundAsync("uk", l => l.Applied == 2);
        ContradictPart(random, records);
        await Jp.WaitForInboundAsync("uk", l => l.State == InboundState.Halted);
        return Assert.Single(await Jp.EvidenceAsync("uk")).Number;
    }

    // What a third party does with two of the objects: nothing but the institute's keys is needed.
    private void AssertProof(EvidenceItem evidence)
    {
        var keys = Keys(hostile.Institute);
        var pairs = from one in evidence.TypedObjects from other in evidence.TypedObjects where !ReferenceEquals(one, other) select (one, other);
        Assert.Contains(pairs, pair => Contradiction.TryProve(pair.one, pair.other, hostile.Institute.Id, keys, out _));
    }

    private static KeyRing Keys(TestInstitute institute)
    {
        Assert.True(Node.Partners.PartnerCards.TryVerify(institute.Card, SignatureScheme.Ecdsa, out var card, out var error), error);
        return card.Keys;
    }

    private static RecordId NewRecord(Random random) => new(((UInt128)(ulong)random.NextInt64() << 64) | (ulong)random.NextInt64());

    private static Head HeadOf(ulong size, string root) =>
        new(LedgerId.Parse("00112233445566778899aabbccddeeff"), 1, size, Digest.Sha256(System.Text.Encoding.UTF8.GetBytes(root)), 5, false, 1, 0, Digest.Zero);

    private static EvidenceObject Signed(TestInstitute institute, Head head) => new()
    {
        Kind = EvidenceKind.PresentedHead,
        Content = TestInstitute.Sign(institute.Heads, Head.PaeType, head.Encode()).ToByteString(),
    };

    private static Submission Submit(TestInstitute accused, params EvidenceObject[] objects)
    {
        var submission = new Submission { Institute = accused.Id.ToString() };
        submission.Manifests.AddRange(accused.Card.Manifests);
        submission.Objects.AddRange(objects);
        return submission;
    }

    private async Task RefusedAsync(string reason, Submission submission)
    {
        var outcome = "RATE_LIMITED";
        await Patience.UntilAsync(async () => (outcome = await OutcomeAsync(submission)) != "RATE_LIMITED", () => "a submission in time");
        Assert.Equal(reason, outcome);
    }

    private Task TakeAsync(Submission submission) => Patience.UntilAsync(async () => await OutcomeAsync(submission) == "OK", () => "a submission that is taken");

    private async Task<string> OutcomeAsync(Submission submission)
    {
        using var channel = Sg.ChannelTo(Jp);
        try
        {
            await channel.Exchange.SubmitEvidenceAsync(submission, cancellationToken: Now);
            return "OK";
        }
        catch (RpcException refusal)
        {
            return Federation.Protocol.Errors.FederationError.TryRead(refusal, out var reason, out _) ? reason.Name : refusal.StatusCode.ToString();
        }
    }
}
