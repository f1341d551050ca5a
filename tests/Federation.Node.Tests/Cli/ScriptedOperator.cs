using Federation.Protocol.Errors;
using Federation.V1.Node;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Federation.Node.Tests.Cli;

/// <summary>
/// Answers operators as a script says: it knows the partners <c>jp</c> and <c>sg</c>, refuses a policy that says <c>wrong</c>, and wants a
/// policy that says <c>large</c>, or a group called <c>large</c>, to be confirmed.
/// </summary>
internal sealed class ScriptedOperator : OperatorService.OperatorServiceBase
{
    public const string Record = "7f9c0e52-6a0d-4c58-9b1e-2f6f0d1c8a11";

    private static readonly Timestamp Noon = Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private readonly List<IMessage> _received = [];

    /// <summary>How many changes a preview finds.</summary>
    public int Changes { get; init; } = 3;

    /// <summary>How many policies were in force for each partner.</summary>
    public int Policies { get; init; } = 2;

    /// <summary>Their text; null for one that says its epoch.</summary>
    public string? PolicyText { get; init; }

    /// <summary>What a replayed decision comes out as.</summary>
    public (bool Replayed, bool Confirmed, string Outcome) Replay { get; init; } = (true, true, "The same statement.");

    /// <summary>The removals that no receipt confirms.</summary>
    public List<OverdueRemoval> Overdue { get; } = [];

    /// <summary>Whether an operator has confirmed the clock.</summary>
    public bool ClockConfirmed { get; private set; }

    public IEnumerable<T> Received<T>() => _received.OfType<T>();

    public override Task<CheckPolicyResponse> CheckPolicy(CheckPolicyRequest request, ServerCallContext context)
    {
        Take(request, "jp", request.Policy, request.FileName);
        return Task.FromResult(new CheckPolicyResponse { Rules = 2, ClassHash = ByteString.CopyFrom(0xab, 0xcd) });
    }

    public override Task<ApplyPolicyResponse> ApplyPolicy(ApplyPolicyRequest request, ServerCallContext context)
    {
        Take(request, request.Partner, request.Policy, request.FileName);
        RequireConfirmation(request.Policy.Contains("large", StringComparison.Ordinal), request.Confirmed);
        return Task.FromResult(new ApplyPolicyResponse { Epoch = 7, InForceAt = Noon });
    }

    public override Task<PreviewPolicyResponse> PreviewPolicy(PreviewPolicyRequest request, ServerCallContext context)
    {
        Take(request, request.Partner, request.Policy, request.FileName);
        var (changes, next) = Page(request.PageSize, request.PageToken);
        var answer = new PreviewPolicyResponse { Changes = { changes }, NextPageToken = next };
        if (request.PageToken.Length == 0)
            answer.Counts = Counts();
        return Task.FromResult(answer);
    }

    public override Task<ExplainRecordResponse> ExplainRecord(ExplainRecordRequest request, ServerCallContext context)
    {
        Take(request, request.Partner);
        return Task.FromResult(new ExplainRecordResponse { Visible = true, Rule = "research", Parts = { Part() }, NextChange = Noon });
    }

    public override Task<ListPoliciesResponse> ListPolicies(ListPoliciesRequest request, ServerCallContext context)
    {
        Take(request, request.Partner);
        var newest = request.PageToken.Length == 0 ? Policies : Number(request.PageToken);
        var answer = new ListPoliciesResponse();
        for (var epoch = newest; epoch > Math.Max(newest - request.PageSize, 0); epoch--)
            answer.Policies.Add(Policy(epoch));
        answer.NextPageToken = newest > request.PageSize ? $"{newest - request.PageSize}" : "";
        return Task.FromResult(answer);
    }

    public override Task<ListDisclosuresResponse> ListDisclosures(ListDisclosuresRequest request, ServerCallContext context)
    {
        Take(request, request.Partner);
        if (request.RecordId != Record)
            throw FederationError.Exception(FederationReason.RecordNotFound, "There is no such record.");
        return Task.FromResult(new ListDisclosuresResponse { Entries = { Entry(4, DisclosureOperation.Disclose), Entry(9, DisclosureOperation.Withdraw) } });
    }

    public override Task<ReplayDecisionResponse> ReplayDecision(ReplayDecisionRequest request, ServerCallContext context)
    {
        Take(request, request.Partner);
        if (request.Seq > 9)
            throw FederationError.Exception(FederationReason.EntryNotFound, "There is no such entry.");
        return Task.FromResult(new ReplayDecisionResponse
        {
            Entry = Entry(request.Seq, DisclosureOperation.Disclose),
            Replayed = Replay.Replayed,
            Confirmed = Replay.Confirmed,
            Outcome = Replay.Outcome,
            Policy = Policy(2),
            Parts = { Part() },
        });
    }

    public override Task<ViewAsPartnerResponse> ViewAsPartner(ViewAsPartnerRequest request, ServerCallContext context)
    {
        Take(request, request.Partner, request.Policy, request.FileName);
        var all = request.RecordId is "" or Record ? Enumerable.Range(0, request.RecordId.Length > 0 ? 1 : Changes).ToList() : [];
        var start = Number(request.PageToken);
        var size = request.PageSize == 0 ? 20 : request.PageSize;
        var answer = new ViewAsPartnerResponse { NextPageToken = start + size < all.Count ? $"{start + size}" : "" };
        answer.Records.Add(all.Skip(start).Take(size).Select(i => new PartnerView
        {
            Record = new RecordView { Origin = "uk", RecordId = i == 0 ? Record : $"r{i}", Envelope = new V1.Records.Envelope { Title = $"Title {i}" } },
        }));
        return Task.FromResult(answer);
    }

    public override Task<SetGroupResponse> SetGroup(SetGroupRequest request, ServerCallContext context)
    {
        _received.Add(request);
        RequireConfirmation(request.Name == "large", request.Confirmed);
        return Task.FromResult(new SetGroupResponse { Epoch = 3, InForceAt = Noon });
    }

    public override Task<SetCommunityResponse> SetCommunity(SetCommunityRequest request, ServerCallContext context)
    {
        _received.Add(request);
        return Task.FromResult(new SetCommunityResponse { Digest = new string('a', 64), Counts = request.Members.Any(member => member.Institute == "uk") });
    }

    public override Task<ListCommunitiesResponse> ListCommunities(ListCommunitiesRequest request, ServerCallContext context)
    {
        var list = new Community { Name = "network", Digest = new string('a', 64), SetAt = Noon, SetBy = "operator", Counts = true };
        list.Members.Add(new CommunityMember { Institute = "jp", RootFingerprint = new string('1', 64) });
        list.AgreeingPartners.Add("jp");
        return Task.FromResult(new ListCommunitiesResponse { Communities = { list } });
    }

    public override Task<ListRecordHoldersResponse> ListRecordHolders(ListRecordHoldersRequest request, ServerCallContext context)
    {
        var said = new PartnerHolders { Partner = "jp" };
        said.Holders.Add(new RecordHolder { Institute = "sg", Since = Noon, State = RecordHolderState.Held });
        return Task.FromResult(new ListRecordHoldersResponse { Partners = { said, new PartnerHolders { Partner = "us", Failure = "Unavailable" } } });
    }

    public override Task<PreviewGroupResponse> PreviewGroup(PreviewGroupRequest request, ServerCallContext context)
    {
        Take(request, request.Partner.Length == 0 ? "jp" : request.Partner);
        var answer = new PreviewGroupResponse();
        if (request.PageToken.Length == 0)
        {
            foreach (var partner in (string[])["jp", "sg"])
                answer.Partners.Add(new PartnerCounts { Partner = partner, Counts = Counts() });
        }
        if (request.Partner.Length > 0)
        {
            var (changes, next) = Page(request.PageSize, request.PageToken);
            answer.Changes.Add(changes);
            answer.NextPageToken = next;
        }
        return Task.FromResult(answer);
    }

    public override Task<ListGroupsResponse> ListGroups(ListGroupsRequest request, ServerCallContext context)
    {
        _received.Add(request);
        // Two pages, whatever size was asked for.
        return Task.FromResult(request.PageToken.Length == 0
            ? new ListGroupsResponse { Groups = { new Group { Name = "empty", Epoch = 5, SetBy = "operator" } }, NextPageToken = "next" }
            : new ListGroupsResponse { Groups = { new Group { Name = "network", Epoch = 2, Members = { "jp", "sg" }, SetAt = Noon } } });
    }

    public override Task<GetClockResponse> GetClock(GetClockRequest request, ServerCallContext context) => Task.FromResult(new GetClockResponse
    {
        Wall = Noon,
        ReleasedTo = Noon,
        Trusted = ClockConfirmed,
        Reason = ClockConfirmed ? "An operator confirmed it." : "Only one partner vouches for it.",
        Witnesses = { new ClockWitness { Partner = "jp", AheadMs = -1500, AgeMs = 180_000 } },
    });

    public override Task<ConfirmClockResponse> ConfirmClock(ConfirmClockRequest request, ServerCallContext context)
    {
        ClockConfirmed = true;
        return Task.FromResult(new ConfirmClockResponse());
    }

    public override Task<ListOverdueResponse> ListOverdue(ListOverdueRequest request, ServerCallContext context)
    {
        Take(request, request.Partner.Length == 0 ? "jp" : request.Partner);
        var start = Number(request.PageToken);
        var next = start + request.PageSize < Overdue.Count ? $"{start + request.PageSize}" : "";
        return Task.FromResult(new ListOverdueResponse { Removals = { Overdue.Skip(start).Take(request.PageSize) }, NextPageToken = next });
    }

    public override Task<ListPartnersResponse> ListPartners(ListPartnersRequest request, ServerCallContext context) => Task.FromResult(
        new ListPartnersResponse { Partners = { new Partner { Institute = "jp", Outbound = new OutboundLedger { RemovalsUnconfirmed = 12 } } } });

    private void Take(IMessage request, string partner, string policy = "", string fileName = "")
    {
        _received.Add(request);
        if (partner is not ("jp" or "sg"))
            throw FederationError.Exception(FederationReason.PartnerNotFound, $"There is no partner {partner}.");
        if (policy.Contains("wrong", StringComparison.Ordinal))
            throw FederationError.Exception(FederationReason.PolicyInvalid, "The policy does not compile.", ($"{fileName}:4:7", "Unknown kind 'incidents'."));
    }

    private static void RequireConfirmation(bool isLarge, bool isConfirmed)
    {
        if (isLarge && !isConfirmed)
            throw FederationError.Exception(FederationReason.ConfirmationRequired, "The change concerns 3 of 40 records.");
    }

    private (IEnumerable<DisclosureChange> Changes, string Next) Page(int size, string token)
    {
        var start = Number(token);
        var changes = Enumerable.Range(start, Math.Min(size, Changes - start)).Select(Change);
        return (changes, start + size < Changes ? $"{start + size}" : "");
    }

    private DisclosureCounts Counts() =>
        new() { Sent = 0, Revised = (ulong)Changes - 1, Withdrawn = 1, OwnRecords = 40, ConfirmationRequired = true };

    private static DisclosureChange Change(int i) => new()
    {
        Origin = "uk",
        RecordId = $"record-{i}",
        Kind = V1.Records.RecordKind.Incident,
        Effect = i == 0 ? DisclosureEffect.Withdrawn : DisclosureEffect.Revised,
        Reason = i == 0 ? "no rule allows it" : "allowed",
        Rule = i == 0 ? "" : "incidents",
        Pending = i == 0,
        Parts = { new PartChange { PartId = 0x2a, Type = "incident_cause", Effect = DisclosureEffect.Withdrawn, Reason = "its type is withheld", Rule = "incidents" } },
    };

    private static DisclosureEntry Entry(ulong seq, DisclosureOperation operation) => new()
    {
        Seq = seq,
        Operation = operation,
        Origin = "uk",
        RecordId = Record,
        PolicyEpoch = 2,
        Rule = "no-biology",
        Reason = "a rule denies it",
        DecidedAt = Noon,
        Receipted = true,
    };

    private static PartExplanation Part() => new() { Type = "incident_cause", Reason = "its type is withheld", Rule = "incidents" };

    private PolicyVersion Policy(int epoch) =>
        new() { Epoch = (ulong)epoch, AppliedAt = Noon, AppliedBy = "operator", Policy = PolicyText ?? $"version: 1\n# of epoch {epoch}" };

    private static int Number(string token) => token.Length == 0 ? 0 : int.Parse(token, System.Globalization.CultureInfo.InvariantCulture);
}
