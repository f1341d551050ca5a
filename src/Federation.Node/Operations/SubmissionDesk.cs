using Federation.Node.Exchange;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Statements;
using Federation.V1.Exchange;
using Google.Protobuf;
using Grpc.Core;
using Request = Federation.V1.Node.SubmitEvidenceRequest;
using Response = Federation.V1.Node.SubmitEvidenceResponse;

namespace Federation.Node.Operations;

/// <summary>Hands kept evidence to a partner, because an operator says so: two objects in it that contradict each other.</summary>
internal sealed class SubmissionDesk(INodeStore store, RosterSource roster, PartnerConnector connect, TimeProvider time)
{
    /// <summary>Finds the two objects, and hands them over.</summary>
    public async Task<Response> SubmitAsync(Partners.Partner receiver, Request request, CancellationToken cancellationToken)
    {
        var after = request.Number is > 0 and <= long.MaxValue ? (long)request.Number - 1 : long.MaxValue;
        if (await store.ReadEvidenceAsync(null, after, 1, cancellationToken) is not [var item] || item.Number != (long)request.Number)
            throw FederationError.Exception(FederationReason.EntryNotFound, $"there is no evidence {request.Number}");
        var submission = Find(item)
            ?? throw FederationError.Exception(FederationReason.FieldInvalid, "number: it holds no two signed objects that contradict each other", ("number", "no contradiction"));
        var client = new ExchangeService.ExchangeServiceClient(connect(receiver));
        try
        {
            var deadline = time.GetUtcNow().UtcDateTime + ExchangeLimits.UnaryDeadline;
            await client.SubmitEvidenceAsync(submission, deadline: deadline, cancellationToken: cancellationToken);
            return new Response { Taken = true };
        }
        catch (RpcException refusal) when (!cancellationToken.IsCancellationRequested)
        {
            return new Response { Refusal = $"{refusal.StatusCode}: {refusal.Status.Detail}" };
        }
    }

    // The institute is the one whose keys prove the contradiction: that of the ledger, or the originator of the statements.
    private SubmitEvidenceRequest? Find(StoredEvidence item)
    {
        var objects = item.Objects.Select(kept => new V1.Exchange.EvidenceObject
        {
            Kind = (V1.Exchange.EvidenceKind)kept.Kind,
            Content = ByteString.CopyFrom(kept.Content),
        }).ToList();
        foreach (var accused in roster.Current.Partners.OrderBy(partner => partner.Number == item.Partner ? 0 : 1).ThenBy(partner => partner.Number))
        {
            for (var i = 0; i < objects.Count; i++)
            {
                for (var k = i + 1; k < objects.Count; k++)
                {
                    if (!Contradiction.TryProve(objects[i], objects[k], accused.Institute, accused.Keys, out _))
                        continue;
                    var request = new SubmitEvidenceRequest { Institute = accused.Institute.ToString() };
                    request.Manifests.AddRange(accused.Card.Manifests);
                    request.Objects.Add([objects[i], objects[k]]);
                    return request;
                }
            }
        }

        return null;
    }
}
