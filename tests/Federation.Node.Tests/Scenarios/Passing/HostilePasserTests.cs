using Federation.Node.Tests.Infrastructure;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.V1.Node;
using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Scenarios.Passing;

/// <summary>jp follows sg, which passes records of uk on and lies as it likes; sg, jp and uk stand on jp's list.</summary>
public sealed class HostilePasserTests : IAsyncLifetime
{
    private const int Halted = 3012;

    private static readonly RecordId First = RecordId.Parse("11111111-1111-1111-1111-111111111111");
    private static readonly RecordId Second = RecordId.Parse("22222222-2222-2222-2222-222222222222");

    private TestFederation federation = null!;
    private HostileOrigin sg = null!;
    private HostileOrigin uk = null!;

    public static TheoryData<string> Forbidden => [.. ForwardedContent.Forbidden.Keys];

    private TestNode Jp => federation["jp"];

    public async ValueTask InitializeAsync()
    {
        federation = await TestFederation.StartAsync("jp");
        sg = await HostileOrigin.StartAsync("sg");
        uk = await HostileOrigin.StartAsync("uk");
        uk.Ledger = LedgerId.Parse("ffeeddccbbaa99887766554433221100");
        sg.Manifests["uk"] = [.. uk.Institute.Card.Manifests];
        var list = await federation.CommunityAsync("network", ["jp"]);
        foreach (var institute in (TestInstitute[])[sg.Institute, uk.Institute])
            list.Members.Add(new Federation.V1.Node.CommunityMember { Institute = $"{institute.Id}", RootFingerprint = $"{RootFingerprint.Of(institute.Root.Spki)}" });
        await Jp.Operator.SetCommunityAsync(list);
        await Jp.AddPartnerAsync(sg.Institute.Card, follow: true);
    }

    public async ValueTask DisposeAsync()
    {
        await federation.DisposeAsync();
        await sg.DisposeAsync();
        await uk.DisposeAsync();
    }

    [Fact]
    public async Task A_record_of_a_listed_institute_is_proven_by_manifests_that_the_passer_on_gives()
    {
        sg.Append(ForwardedContent.Open(uk.Institute, First));

        var got = await Jp.WaitForRecordAsync("uk", First.ToString());
        Assert.Equal(("sg", true), (got.ReceivedFrom, got.Forwarded));
        sg.Manifests.Clear();
        await Jp.StopAsync();
        await Jp.StartAsync();
        sg.Append(ForwardedContent.Open(uk.Institute, Second));

        // They are kept: the passer-on is asked once.
        await Jp.WaitForRecordAsync("uk", Second.ToString());
    }

    [Fact]
    public async Task Manifests_that_lead_to_another_root_prove_nothing()
    {
        var impostor = new TestInstitute("uk");
        sg.Manifests["uk"] = [.. impostor.Card.Manifests];

        sg.Append(ForwardedContent.Open(impostor, First));

        await VerifyQuarantineAsync("keys are not known");
    }

    [Fact]
    public async Task An_origin_on_no_list_and_no_partner_is_quarantined()
    {
        var stranger = new TestInstitute("de");
        sg.Manifests["de"] = [.. stranger.Card.Manifests];

        sg.Append(ForwardedContent.Open(stranger, First));

        await VerifyQuarantineAsync("keys are not known");
    }

    [Theory]
    [MemberData(nameof(Forbidden))]
    public async Task Invariant_I22_what_the_origin_does_not_permit_is_quarantined(string name)
    {
        var (reason, make) = ForwardedContent.Forbidden[name];

        sg.Append(make(uk.Institute, First));

        await VerifyQuarantineAsync(reason);
    }

    [Fact]
    public async Task A_record_of_the_receiver_itself_is_quarantined()
    {
        var own = SigningKey.FromKey(Jp.Key("statement"));
        var entry = ForwardedContent.Open(new TestInstitute("jp"), First);

        sg.Append(entry with { Signature = own.Sign(Statement.PaeType, entry.Statement) });

        await VerifyQuarantineAsync("this institute itself");
    }

    [Fact]
    public async Task Row_R17_an_altered_statement_halts_the_ledger_with_evidence()
    {
        var entry = ForwardedContent.Open(uk.Institute, First);
        Assert.True(Statement.TryDecode(entry.Statement, out var statement, out _));
        var altered = Statement.Encode(
            uk.Institute.Id, First, statement.Kind, statement.Schema, [statement.Parts[0], statement.Parts[1] with { ChangedMs = statement.Parts[1].ChangedMs + 1 }]);

        await VerifyHaltAsync("COMMITMENT_MISMATCH", entry with { Statement = altered, Leaf = entry.Leaf with { StatementHash = Digest.Sha256(altered) } });
    }

    [Fact]
    public async Task Row_R17_an_added_part_halts_the_ledger_with_evidence()
    {
        var entry = ForwardedContent.Open(uk.Institute, First);
        var invented = ForwardedContent.Entry(uk.Institute, First, Marking.Green, Onward.Community, new Part { FlawReproduction = new FlawReproduction { Attempts = 1 } });

        await VerifyHaltAsync("FOREIGN_ORIGIN", invented with { Signature = entry.Signature });
    }

    [Fact]
    public async Task Row_R17_an_invented_record_halts_the_ledger_with_evidence()
    {
        var entry = ForwardedContent.Open(uk.Institute, First);

        await VerifyHaltAsync("FOREIGN_ORIGIN", entry with { Signature = sg.Institute.Statements.Sign(Statement.PaeType, entry.Statement) });
    }

    [Fact]
    public async Task Row_R17_a_stripped_signature_halts_the_ledger_with_evidence()
    {
        await VerifyHaltAsync("FOREIGN_ORIGIN", ForwardedContent.Open(uk.Institute, First) with { Signature = [] });
    }

    [Fact]
    public async Task An_envelope_that_is_not_opened_halts_the_ledger()
    {
        var entry = ForwardedContent.Open(uk.Institute, First);

        await VerifyHaltAsync("COMMITMENT_MISMATCH", entry with { Openings = [entry.Openings[1]] });
    }

    [Fact]
    public async Task Parts_that_are_not_opened_are_neither_shown_nor_missed()
    {
        var entry = ForwardedContent.Open(uk.Institute, First);

        sg.Append(entry with { Openings = [entry.Openings[0]] });

        var got = await Jp.WaitForRecordAsync("uk", First.ToString());
        Assert.Empty(got.Parts);
        Assert.Equal("passed on", Assert.Single(await Jp.ListAllAsync()).Value.Envelope.Title);
    }

    [Fact]
    public async Task Two_institutes_may_give_one_id()
    {
        sg.Append(ForwardedContent.Open(uk.Institute, First), HostileEntry.Flaw(sg.Institute, First, "the passer-on's own"));

        await Jp.WaitForRecordAsync("uk", First.ToString());
        Assert.Equal("the passer-on's own", (await Jp.WaitForRecordAsync("sg", First.ToString())).Envelope.Title);
        Assert.Equal(2, (await Jp.ListAllAsync()).Count);
    }

    [Fact]
    public async Task The_direct_copy_is_shown_before_a_forwarded_one()
    {
        // The two copies are made apart, with salts of their own: that they contradict each other is seen, and kept.
        Jp.Log.Expect(3005);
        sg.Append(ForwardedContent.Open(uk.Institute, First));
        await Jp.WaitForRecordAsync("uk", First.ToString(), view => view.Forwarded);

        uk.Append(HostileEntry.Flaw(uk.Institute, First, "directly"));
        await Jp.AddPartnerAsync(uk.Institute.Card, follow: true);

        var got = await Jp.WaitForRecordAsync("uk", First.ToString(), view => !view.Forwarded);
        Assert.Equal(("uk", "directly"), (got.ReceivedFrom, got.Envelope.Title));
        Assert.Equal("directly", Assert.Single(await Jp.ListAllAsync()).Value.Envelope.Title);
    }

    [Fact]
    public async Task Row_R4_an_origin_that_tells_one_partner_low_and_another_high_is_proven_a_liar_by_whoever_gets_both()
    {
        Jp.Log.Expect(3005);
        Part low = new() { FlawSummary = new FlawSummary { Description = "low", Severity = FlawSeverity.Low } };
        sg.Append(ForwardedContent.Entry(uk.Institute, First, Marking.Green, Onward.Community, low));
        await Jp.WaitForRecordAsync("uk", First.ToString(), view => view.Forwarded);

        Part high = new() { FlawSummary = new FlawSummary { Description = "high", Severity = FlawSeverity.Critical } };
        uk.Append(ForwardedContent.Entry(uk.Institute, First, Marking.Green, Onward.Community, high));
        await Jp.AddPartnerAsync(uk.Institute.Card, follow: true);
        await Jp.WaitForRecordAsync("uk", First.ToString(), view => !view.Forwarded);

        var evidence = Assert.Single(await Jp.EvidenceAsync("uk"));
        Assert.Equal("PART_CONTRADICTED", evidence.Fault);
        Assert.True(Federation.Node.Partners.PartnerCards.TryVerify(uk.Institute.Card, SignatureScheme.Ecdsa, out var card, out var error), error);
        Assert.True(Contradiction.TryProve(evidence.TypedObjects[0], evidence.TypedObjects[1], uk.Institute.Id, card.Keys, out var detail), detail);
        // Neither ledger is at fault: both go on.
        sg.Append(HostileEntry.Flaw(sg.Institute, Second, "goes on"));
        uk.Append(ForwardedContent.Open(uk.Institute, Second));
        await Jp.WaitForRecordAsync("sg", Second.ToString());
        await Jp.WaitForRecordAsync("uk", Second.ToString());
    }

    [Fact]
    public async Task Invariant_I16_and_row_R13_a_direct_tombstone_beats_what_is_forwarded()
    {
        uk.Append(ForwardedContent.Open(uk.Institute, First));
        await Jp.AddPartnerAsync(uk.Institute.Card, follow: true);
        sg.Append(ForwardedContent.Open(uk.Institute, First));
        await Jp.WaitForInboundAsync("sg", ledger => ledger.Applied == 1);
        await Jp.WaitForRecordAsync("uk", First.ToString(), view => !view.Forwarded);

        uk.Append(new HostileEntry(new Leaf(LedgerOperation.Withdraw, 0, uk.Institute.Id, First, 2, Digest.Zero), [], [], []));

        await Jp.WaitForAbsenceAsync("uk", First.ToString());
        Assert.Empty(await Jp.ListAllAsync());
        sg.Append(HostileEntry.Flaw(sg.Institute, Second, "the passer-on goes on"));
        sg.Append(ForwardedContent.Open(uk.Institute, First) with { Leaf = ForwardedContent.Open(uk.Institute, First).Leaf with { Vrev = 2 } });
        await Jp.WaitForInboundAsync("sg", ledger => ledger.Applied == 3);
        Assert.Null(await Jp.FindAsync("uk", First.ToString()));
        Assert.Equal("sg", Assert.Single(await Jp.ListAllAsync()).Value.Origin);
    }

    [Fact]
    public async Task Another_copy_is_shown_when_the_one_that_was_shown_is_taken_back()
    {
        await using var us = await StartSecondPasserAsync();
        Assert.Single((await Jp.Records.ListRecordsAsync(new ListRecordsRequest(), cancellationToken: TestContext.Current.CancellationToken)).Records);

        sg.Append(new HostileEntry(new Leaf(LedgerOperation.Withdraw, 0, uk.Institute.Id, First, 2, Digest.Zero), [], [], []));

        await Jp.WaitForRecordAsync("uk", First.ToString(), view => view.ReceivedFrom == "us");
        us.Append(new HostileEntry(new Leaf(LedgerOperation.Erase, 0, uk.Institute.Id, First, 2, Digest.Zero), [], [], []));
        await Jp.WaitForAbsenceAsync("uk", First.ToString());
        Assert.Empty(await Jp.ListAllAsync());
    }

    [Fact]
    public async Task A_watcher_hears_of_another_copy_when_the_one_that_was_shown_ends_with_its_incarnation()
    {
        Jp.Log.Expect(Halted);
        await using var us = await StartSecondPasserAsync();
        sg.BeginAnew(HostileEntry.Flaw(sg.Institute, Second, "the passer-on's own"));
        await Jp.WaitForInboundAsync("sg", ledger => ledger.State == InboundState.Halted);
        using var bounded = Patience.Bounded();
        using var watch = Jp.Records.WatchRecords(new WatchRecordsRequest(), cancellationToken: bounded.Token);

        await Jp.Operator.AcceptLedgerResetAsync(new AcceptLedgerResetRequest { Partner = "sg", Incarnation = 2 }, cancellationToken: bounded.Token);

        WatchRecordsResponse heard;
        do
            heard = Assert.Single(await watch.TakeAsync(1, bounded.Token));
        while (heard.Record?.ReceivedFrom != "us");
        Assert.Equal((First.ToString(), RecordEvent.Changed), (heard.Record.RecordId, heard.Event));
    }

    // us passes the same record on as sg does, whose copy is shown.
    private async Task<HostileOrigin> StartSecondPasserAsync()
    {
        var us = await HostileOrigin.StartAsync("us");
        us.Ledger = LedgerId.Parse("00000000000000000000000000000007");
        await Jp.AddPartnerAsync(uk.Institute.Card);
        await Jp.AddPartnerAsync(us.Institute.Card, follow: true);
        Part grant = new() { OnwardGrant = new OnwardGrant { Institute = "jp" } };
        var entry = ForwardedContent.Entry(uk.Institute, First, Marking.Green, Onward.Community, grant);
        sg.Append(entry);
        us.Append(entry);
        await Jp.WaitForInboundAsync("us", ledger => ledger.Applied == 1);
        await Jp.WaitForRecordAsync("uk", First.ToString(), view => view.ReceivedFrom == "sg");
        return us;
    }

    private async Task VerifyQuarantineAsync(string reason)
    {
        sg.Append(HostileEntry.Flaw(sg.Institute, Second, "the ledger goes on"));
        await Jp.WaitForRecordAsync("sg", Second.ToString());
        var held = Assert.Single((await Jp.Operator.ListQuarantinedAsync(new ListQuarantinedRequest(), cancellationToken: TestContext.Current.CancellationToken)).Records);
        Assert.Equal((First.ToString(), "sg"), (held.RecordId, held.ReceivedFrom));
        Assert.Contains(reason, held.Reason, StringComparison.Ordinal);
        Assert.Null(await Jp.FindAsync(held.Origin, First.ToString()));
        Assert.Empty(await Jp.EvidenceAsync("sg"));
    }

    private async Task VerifyHaltAsync(string fault, HostileEntry entry)
    {
        Jp.Log.Expect(Halted);
        sg.Append(entry);
        var ledger = await Jp.WaitForInboundAsync("sg", l => l.State == InboundState.Halted);
        Assert.StartsWith(fault, ledger.LastFault, StringComparison.Ordinal);
        var evidence = Assert.Single(await Jp.EvidenceAsync("sg"));
        Assert.Equal((fault, "sg"), (evidence.Fault, evidence.Partner));
        Assert.NotEmpty(evidence.Objects[0]);
        Assert.Null(await Jp.FindAsync("uk", First.ToString()));
    }
}
