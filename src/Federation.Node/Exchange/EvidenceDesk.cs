using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Keys;
using Federation.Protocol.Statements;
using Federation.V1.Exchange;
using EvidenceObject = Federation.Node.Storage.EvidenceObject;

namespace Federation.Node.Exchange;

/// <summary>
/// Takes evidence from partners: two objects that one institute signed and that contradict each other. They are checked by the keys that come
/// with them, so that the answer is the same whether or not the institute is known here; then they are kept for operators, and nothing is done.
/// </summary>
internal sealed class EvidenceDesk(StreamNeeds needs, NodeIdentity identity, SignatureScheme scheme, ILogger<EvidenceDesk> logger)
{
    /// <summary>Checks and keeps evidence.</summary>
    public async Task TakeAsync(Partner caller, SubmitEvidenceRequest request, CancellationToken cancellationToken)
    {
        if (!needs.Sessions.Of(caller.Number).TryTakeEvidence(needs.Time))
            throw FederationError.Exception(FederationReason.RateLimited, "at most one piece of evidence a second");
        if (request.Objects.Count != 2)
            throw FederationError.Exception(FederationReason.FieldInvalid, "objects: two that contradict each other", ("objects", "two"));
        var card = new PartnerCard { Institute = request.Institute };
        card.Manifests.AddRange(request.Manifests);
        if (!PartnerCards.TryVerify(card, scheme, out var accused, out var error))
            throw FederationError.Exception(FederationReason.SignatureInvalid, $"manifests: {error}", ("manifests", error));
        if (!Contradiction.TryProve(request.Objects[0], request.Objects[1], accused.Institute, accused.Keys, out var detail))
            throw FederationError.Exception(FederationReason.FieldInvalid, $"objects: {detail}", ("objects", detail));
        var number = await needs.Store.SaveEvidenceAsync(
            new EvidenceWrite
            {
                Partner = NumberOf(accused),
                Fault = Contradiction.IsHead(request.Objects[0].Kind) ? "SUBMITTED_HEADS" : "SUBMITTED_STATEMENTS",
                Detail = $"{caller.Institute} shows about {accused.Institute}, {RelationTo(accused)}: {detail}",
                NowMs = needs.Time.GetUtcNow().ToUnixTimeMilliseconds(),
                Objects = [.. request.Objects.Select(item => EvidenceObject.Of((Storage.EvidenceKind)item.Kind, item.Content.ToByteArray()))],
                Submitter = caller.Number,
            },
            cancellationToken);
        if (number == 0)
            throw FederationError.Exception(FederationReason.RateLimited, "no more evidence of this caller is kept");
        ExchangeLog.EvidenceTaken(logger, caller.Institute, accused.Institute, detail);
    }

    // Only one that has the pinned root is the partner of that name.
    private int NumberOf(VerifiedCard accused) =>
        needs.Roster.Current.Find(accused.Institute) is { } partner && partner.RootFingerprint == accused.RootFingerprint ? partner.Number : 0;

    private string RelationTo(VerifiedCard accused)
    {
        if (accused.RootFingerprint == identity.RootFingerprint)
            return "this institute";
        if (needs.Roster.Current.Find(accused.Institute) is not { } partner)
            return $"which is no partner here; its root is {accused.RootFingerprint}";
        return partner.RootFingerprint == accused.RootFingerprint
            ? "by the keys of its pinned root"
            : $"by another root than the pinned one: {accused.RootFingerprint}";
    }
}
