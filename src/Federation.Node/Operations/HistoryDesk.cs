using Federation.Node.Partners;
using Federation.Node.Sharing;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Google.Protobuf;

namespace Federation.Node.Operations;

/// <summary>Answers under which policy version and rule something was disclosed or taken back, and makes the decision again.</summary>
internal sealed class HistoryDesk(INodeStore store, NodeIdentity identity)
{
    // Real records have at most some dozens of revisions.
    private const int MostOfOneRecord = 10_000;

    /// <summary>A page of a partner's policies, newest first.</summary>
    public async Task<ListPoliciesResponse> ListAsync(Partners.Partner partner, ListPoliciesRequest request, CancellationToken cancellationToken)
    {
        var limit = Pages.Size(request.PageSize, 100, 20);
        var before = request.PageToken.Length == 0 ? long.MaxValue : Pages.Number(request.PageToken);
        var policies = await store.ReadPoliciesAsync(partner.Number, before, limit + 1, cancellationToken);
        var response = new ListPoliciesResponse { NextPageToken = policies.Count > limit ? $"{policies[limit - 1].Epoch}" : "" };
        response.Policies.AddRange(policies.Take(limit).Select(Show));
        return response;
    }

    /// <summary>A page of a ledger's entries with what decided them, of all records or of one.</summary>
    public async Task<ListDisclosuresResponse> ListAsync(Partners.Partner partner, ListDisclosuresRequest request, CancellationToken cancellationToken)
    {
        var limit = Pages.Size(request.PageSize, 1000, 100);
        var receipted = (await store.ReadHeadAsync(partner.Number, cancellationToken))?.ReceiptSize ?? 0;
        var archive = new PolicyArchive(store, partner);
        var response = new ListDisclosuresResponse();
        var from = request.PageToken.Length == 0 ? (long?)null : Pages.Number(request.PageToken);
        IReadOnlyList<DecidedEntry> entries;
        if (request.RecordId.Length == 0)
        {
            entries = await store.ReadEntriesAsync(partner.Number, (ulong)(from ?? 0), limit + 1, cancellationToken);
            response.NextPageToken = entries.Count > limit ? $"{entries[limit].Entry.Seq}" : "";
        }
        else
        {
            // Each entry knows the one before it, so that they come newest first.
            var newestFirst = await store.ReadEntriesOfAsync(partner.Number, NameOf(request.RecordId), MostOfOneRecord, cancellationToken);
            entries = [.. newestFirst.Reverse().SkipWhile(entry => entry.Entry.Seq < (ulong)(from ?? 0)).Take(limit + 1)];
            response.NextPageToken = entries.Count > limit ? $"{entries[limit].Entry.Seq}" : "";
        }

        foreach (var entry in entries.Take(limit))
            response.Entries.Add(Show(entry, await archive.FindAsync(entry.Context.Epoch, cancellationToken), receipted));
        return response;
    }

    /// <summary>Makes the decision behind an entry again, and compares.</summary>
    public async Task<ReplayDecisionResponse> ReplayAsync(Partners.Partner partner, ReplayDecisionRequest request, CancellationToken cancellationToken)
    {
        if (request.Seq > long.MaxValue || await store.ReadDecisionAsync(partner.Number, request.Seq, cancellationToken) is not { } archived)
            throw FederationError.Exception(FederationReason.EntryNotFound, $"the ledger for {partner.Institute} has no entry {request.Seq}");
        var receipted = (await store.ReadHeadAsync(partner.Number, cancellationToken))?.ReceiptSize ?? 0;
        var archive = new PolicyArchive(store, partner);
        var document = await archive.FindAsync(archived.Entry.Context.Epoch, cancellationToken);
        var response = new ReplayDecisionResponse
        {
            Entry = Show(archived.Entry, document, receipted),
            Policy = archived.Policy is null ? null : Show(archived.Policy),
            StatementHash = archived.Entry.Entry.Operation == (byte)LedgerOperation.Disclose
                ? ByteString.CopyFrom(archived.Entry.Entry.StatementHash.ToBytes())
                : ByteString.Empty,
        };
        DecisionReplay.Run(response, partner, archived, document);
        return response;
    }

    private RecordName NameOf(string id) => RecordId.TryParse(id, out var parsed)
        ? new RecordName(identity.Institute, parsed)
        : throw FederationError.Exception(FederationReason.RecordNotFound, $"there is no own record {id}");

    private static PolicyVersion Show(StoredPolicy policy) => new()
    {
        Epoch = (ulong)policy.Epoch,
        AppliedAt = Times.Of(policy.AppliedMs),
        AppliedBy = policy.Author,
        ClassHash = ByteString.CopyFrom(policy.ClassHash.ToBytes()),
        Policy = policy.Text,
    };

    private static DisclosureEntry Show(DecidedEntry entry, PolicyDocument? document, ulong receipted)
    {
        var (rule, reason) = DecisionWords.Of(entry, document);
        return new DisclosureEntry
        {
            Seq = entry.Entry.Seq,
            Operation = (DisclosureOperation)entry.Entry.Operation,
            Origin = entry.Name.Origin.ToString(),
            RecordId = entry.Name.Id.ToString(),
            Vrev = entry.Entry.Vrev,
            Revision = (uint)entry.Decision.Version,
            PolicyEpoch = (ulong)entry.Context.Epoch,
            Membership = (ulong)entry.Context.Membership,
            Rule = rule,
            Reason = reason,
            DecidedAt = Times.Of(entry.Context.NowMs),
            Receipted = entry.Entry.Seq < receipted,
        };
    }
}
