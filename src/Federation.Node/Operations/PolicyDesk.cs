using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Sharing;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Federation.Node.Operations;

/// <summary>Checks policies, puts them in force, and explains what they decide.</summary>
internal sealed class PolicyDesk(INodeStore store, RosterSource roster, NodeIdentity identity, ReleaseClock clock, TimeProvider time)
{
    private const int MaxFileName = 256;

    /// <summary>Compiles a policy and stores nothing.</summary>
    public static CheckPolicyResponse Check(CheckPolicyRequest request)
    {
        var policy = Compile(request.Policy, request.FileName);
        return new CheckPolicyResponse { ClassHash = ByteString.CopyFrom(policy.ClassHash.ToBytes()), Rules = (uint)policy.Rules.Count };
    }

    /// <summary>Puts a policy in force. Once the roster is replaced no stream sends anything that it forbids.</summary>
    public async Task<ApplyPolicyResponse> ApplyAsync(Partners.Partner partner, ApplyPolicyRequest request, CancellationToken cancellationToken)
    {
        var policy = Compile(request.Policy, request.FileName);
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var epoch = await store.ApplyPolicyAsync(new PolicyWrite(partner.Number, request.Policy, policy.ClassHash, nowMs), cancellationToken);
        await roster.ReloadAsync(cancellationToken);
        return new ApplyPolicyResponse
        {
            Epoch = (ulong)epoch,
            InForceAt = Timestamp.FromDateTimeOffset(time.GetUtcNow()),
            ClassHash = ByteString.CopyFrom(policy.ClassHash.ToBytes()),
        };
    }

    /// <summary>Says what a partner may see of a record and what decided each part.</summary>
    public async Task<ExplainRecordResponse> ExplainAsync(Partners.Partner partner, ExplainRecordRequest request, CancellationToken cancellationToken)
    {
        var stored = await FindAsync(request, cancellationToken);
        var snapshot = await store.ReadReconcileAsync(
            new ReconcileRequest { Scope = ReconcileScope.Named, Rec = stored.Rec, Partner = partner.Number, Limit = 1 }, cancellationToken);
        var candidate = snapshot.Candidates.Count == 1 ? snapshot.Candidates[0] : throw NotFound(request);
        if (JudgedRecord.From(candidate.Record) is not { } judged)
            throw NotFound(request);
        var decision = new RecordJudge(snapshot.Targets, clock.NowMs).Judge(partner, judged);
        var response = new ExplainRecordResponse
        {
            Visible = decision.Visible,
            Reason = DecisionText.Of(decision),
            Rule = decision.Rule ?? "",
            Disclosed = candidate.Disclosed.Any(d => d.Operation == (byte)LedgerOperation.Disclose),
            PolicyEpoch = (ulong)partner.PolicyEpoch,
        };
        AddParts(response, partner, judged, decision, Records.StoredContent.Open(stored));
        return response;
    }

    private static void AddParts(
        ExplainRecordResponse response, Partners.Partner partner, JudgedRecord judged, Decision decision, Records.StoredContent content)
    {
        response.Parts.Add(new PartExplanation { Type = "envelope", Visible = decision.Visible, Reason = response.Reason, Rule = response.Rule });
        for (var i = 0; i < judged.Facts.Parts.Count; i++)
        {
            var part = judged.Facts.Parts[i];
            if (judged.Shape.Parts[i + 1].Gone)
                continue;
            var verdict = decision.Visible ? decision.Parts[i] : (PartVerdict?)null;
            var rule = verdict switch
            {
                PartVerdict.Type => partner.Policy?.FindWithholding(judged.Facts, part.Type)?.Name,
                PartVerdict.Visible or null => decision.Rule,
                _ => null,
            };
            response.Parts.Add(new PartExplanation
            {
                PartId = part.Part,
                Type = PartTypes.NameOf(part.Type) ?? $"{part.Type}",
                Key = content.Parts.FirstOrDefault(p => p.Shape.Part == part.Part)?.Key ?? "",
                Visible = verdict == PartVerdict.Visible,
                Reason = verdict is { } known ? DecisionText.Of(known) : response.Reason,
                Rule = rule ?? "",
            });
        }
    }

    private async Task<StoredRecord> FindAsync(ExplainRecordRequest request, CancellationToken cancellationToken)
    {
        var origin = identity.Institute;
        if ((request.Origin.Length > 0 && !InstituteId.TryParse(request.Origin, out origin)) || !RecordId.TryParse(request.RecordId, out var id))
            throw NotFound(request);
        var copies = await store.ReadRecordAsync(new RecordName(origin, id), cancellationToken);
        return copies.FirstOrDefault(c => c.Source == 0 && c.Body is not null) ?? throw NotFound(request);
    }

    private static SharingPolicy Compile(string text, string fileName)
    {
        var name = fileName.Length is 0 or > MaxFileName ? "policy.yaml" : fileName;
        if (PolicyCompiler.TryCompile(text, name, out var policy, out var faults))
            return policy!;
        throw FederationError.Exception(
            FederationReason.PolicyInvalid, faults[0].ToString(), [.. faults.Select(f => ($"{f.File}:{f.Line}:{f.Column}", f.Message))]);
    }

    private static RpcException NotFound(ExplainRecordRequest request) =>
        FederationError.Exception(FederationReason.RecordNotFound, $"there is no own record {request.RecordId} with content");
}
