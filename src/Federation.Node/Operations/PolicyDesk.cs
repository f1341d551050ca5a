using Federation.Node.Access;
using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Sharing;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Federation.Node.Operations;

/// <summary>Checks policies, puts them in force, and explains what they decide.</summary>
internal sealed class PolicyDesk(INodeStore store, RosterSource roster, NodeIdentity identity, PreviewDesk previews, ReleaseClock clock, TimeProvider time)
{
    /// <summary>Compiles a policy and stores nothing.</summary>
    public CheckPolicyResponse Check(CheckPolicyRequest request)
    {
        var document = PolicyTexts.Compile(request.Policy, request.FileName, roster.Current.GroupNames);
        return new CheckPolicyResponse { ClassHash = ByteString.CopyFrom(document.ClassHash.ToBytes()), Rules = (uint)document.Rules.Count };
    }

    /// <summary>Puts a policy in force. Once the roster is replaced no stream sends anything that it forbids.</summary>
    public async Task<ApplyPolicyResponse> ApplyAsync(
        Partners.Partner partner, ApplyPolicyRequest request, ClientCaller caller, CancellationToken cancellationToken)
    {
        var document = PolicyTexts.Compile(request.Policy, request.FileName, roster.Current.GroupNames);
        if (!request.Confirmed)
            await previews.RequireConfirmationAsync(partner, document, cancellationToken);
        var write = new PolicyWrite(partner.Number, request.Policy, document.ClassHash, time.GetUtcNow().ToUnixTimeMilliseconds()) { Author = caller.Name };
        var epoch = await store.ApplyPolicyAsync(write, cancellationToken);
        await roster.ReloadAsync(cancellationToken);
        return new ApplyPolicyResponse
        {
            Epoch = (ulong)epoch,
            InForceAt = Timestamp.FromDateTimeOffset(time.GetUtcNow()),
            ClassHash = ByteString.CopyFrom(document.ClassHash.ToBytes()),
        };
    }

    /// <summary>Says what a partner may see of a record and what decided each part.</summary>
    public async Task<ExplainRecordResponse> ExplainAsync(Partners.Partner partner, ExplainRecordRequest request, CancellationToken cancellationToken)
    {
        var stored = await FindAsync(request, cancellationToken);
        var response = new ExplainRecordResponse { PolicyEpoch = (ulong)partner.PolicyEpoch, Ceiling = partner.Policy?.Ceiling ?? Marking.Unspecified };
        if (stored.Source != 0 && stored.Onward == OnwardState.None)
        {
            response.Reason = "The record is another institute's, which did not say that it may be passed on, or it was passed on to here.";
            return response;
        }

        var snapshot = await store.ReadReconcileAsync(partner.Number, [stored.Rec], cancellationToken);
        var candidate = snapshot.Candidates[0];
        response.Disclosed = candidate.Disclosed.Any(d => d.Operation == (byte)LedgerOperation.Disclose);
        if (JudgedRecord.From(candidate.Record) is not { } judged)
        {
            response.Reason = stored.Source == 0 ? "The record is erased." : "The record's content is not here any more, or in quarantine.";
            return response;
        }

        var decision = new RecordJudge(snapshot.Targets, clock.NowMs).Judge(partner, judged);
        response.Visible = decision.Visible;
        response.Reason = DecisionText.Of(decision);
        response.Rule = decision.Rule ?? "";
        response.Marking = judged.Facts.Marking;
        response.NextChange = Times.OfOptional(decision.NextChangeMs);
        var keys = stored.Body is null
            ? []
            : Records.StoredContent.Open(stored).Parts.ToDictionary(part => part.Shape.Part, part => part.Key);
        response.Parts.AddRange(PartExplanations.Of(partner.Policy, judged, decision, part => keys.GetValueOrDefault(part, "")));
        return response;
    }

    private async Task<StoredRecord> FindAsync(ExplainRecordRequest request, CancellationToken cancellationToken)
    {
        var origin = identity.Institute;
        if ((request.Origin.Length > 0 && !InstituteId.TryParse(request.Origin, out origin)) || !RecordId.TryParse(request.RecordId, out var id))
            throw NotFound(request);
        var copies = await store.ReadRecordAsync(new RecordName(origin, id), cancellationToken);
        if (copies.Count == 0)
            throw NotFound(request);
        return copies.FirstOrDefault(copy => copy.Source == 0 || copy.Onward != OnwardState.None) ?? copies[0];
    }

    private static RpcException NotFound(ExplainRecordRequest request) =>
        FederationError.Exception(FederationReason.RecordNotFound, $"there is no record {request.RecordId}");
}
