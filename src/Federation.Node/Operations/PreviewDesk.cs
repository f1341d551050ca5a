using Federation.Node.Partners;
using Federation.Node.Sharing;
using Federation.Protocol.Errors;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Google.Protobuf;

namespace Federation.Node.Operations;

/// <summary>Shows what a policy or a group's members would change, before anything does, and asks for confirmation of large changes.</summary>
internal sealed class PreviewDesk(RosterSource roster, SharingPreview preview)
{
    /// <summary>What a policy would change for one partner.</summary>
    public async Task<PreviewPolicyResponse> PreviewAsync(Partners.Partner partner, PreviewPolicyRequest request, CancellationToken cancellationToken)
    {
        var limit = Pages.Size(request.PageSize, 1000, 100);
        var after = Pages.Record(request.PageToken);
        var document = PolicyTexts.Compile(request.Policy, request.FileName, roster.Current.GroupNames);
        var then = partner.With(document, partner.Recipient);
        var page = await preview.PageAsync(partner, then, after, limit, cancellationToken);
        var response = new PreviewPolicyResponse
        {
            Counts = request.PageToken.Length > 0 ? null : await preview.CountAsync(partner, then, long.MaxValue, cancellationToken),
            ClassHash = ByteString.CopyFrom(document.ClassHash.ToBytes()),
            NextPageToken = page.Next is { } next ? $"{next}" : "",
        };
        response.Changes.AddRange(page.Changes);
        return response;
    }

    /// <summary>What other members of a group would change: counts for each partner concerned, and pages of one.</summary>
    public async Task<PreviewGroupResponse> PreviewAsync(PreviewGroupRequest request, CancellationToken cancellationToken)
    {
        var limit = Pages.Size(request.PageSize, 1000, 100);
        var after = Pages.Record(request.PageToken);
        var members = GroupDesk.ReadMembers(request.Name, request.Members);
        var response = new PreviewGroupResponse();
        var changed = Changed(request.Name, members).ToList();
        foreach (var (now, then) in request.PageToken.Length > 0 ? [] : changed)
        {
            var counts = await preview.CountAsync(now, then, long.MaxValue, cancellationToken);
            response.Partners.Add(new PartnerCounts { Partner = now.Institute.ToString(), Counts = counts });
        }

        if (request.Partner.Length == 0)
            return response;
        if (roster.Current.Partners.All(partner => partner.Institute.ToString() != request.Partner))
            throw FederationError.Exception(FederationReason.PartnerNotFound, $"there is no partner '{request.Partner}'");
        var asked = changed.Find(pair => pair.Now.Institute.ToString() == request.Partner);
        if (asked.Now is null)
            return response;
        var page = await preview.PageAsync(asked.Now, asked.Then, after, limit, cancellationToken);
        response.Changes.AddRange(page.Changes);
        response.NextPageToken = page.Next is { } next ? $"{next}" : "";
        return response;
    }

    /// <summary>Refuses a policy that would change much, unless the caller has confirmed it.</summary>
    public Task RequireConfirmationAsync(Partners.Partner partner, PolicyDocument document, CancellationToken cancellationToken) =>
        RequireConfirmationAsync([(partner, partner.With(document, partner.Recipient))], cancellationToken);

    /// <summary>Refuses a membership that would change much for a partner, unless the caller has confirmed it.</summary>
    public Task RequireConfirmationAsync(string group, IReadOnlyList<InstituteId> members, CancellationToken cancellationToken) =>
        RequireConfirmationAsync(Changed(group, members), cancellationToken);

    private async Task RequireConfirmationAsync(
        IEnumerable<(Partners.Partner Now, Partners.Partner Then)> changed, CancellationToken cancellationToken)
    {
        var free = await preview.FreeAsync(cancellationToken);
        foreach (var (now, then) in changed)
        {
            var counts = await preview.CountAsync(now, then, free, cancellationToken);
            if (!counts.ConfirmationRequired)
                continue;
            throw FederationError.Exception(
                FederationReason.ConfirmationRequired,
                $"for {now.Institute} at least {SharingPreview.Sum(counts)} of {counts.OwnRecords} own records would be sent, revised or withdrawn; "
                + "look at the preview, and confirm");
        }
    }

    // The partners that would join or leave a group, as they are and as they would be.
    private IEnumerable<(Partners.Partner Now, Partners.Partner Then)> Changed(string group, IReadOnlyList<InstituteId> members)
    {
        foreach (var partner in roster.Current.Partners)
        {
            var joins = members.Contains(partner.Institute);
            if (!partner.Share || joins == partner.Recipient.Groups.Contains(group))
                continue;
            var groups = partner.Recipient.Groups.Where(name => name != group).Concat(joins ? [group] : []).ToHashSet(StringComparer.Ordinal);
            yield return (partner, partner.With(partner.Document, partner.Recipient.In(groups)));
        }
    }
}
