using Federation.Node.Access;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Node;

namespace Federation.Node.Operations;

/// <summary>Loads and lists community lists: within whom records may be passed on.</summary>
internal sealed class CommunityDesk(INodeStore store, RosterSource roster, NodeIdentity identity, TimeProvider time)
{
    /// <summary>The most lists of a node.</summary>
    private const int MaxLists = 8;

    /// <summary>Loads a list. Once the roster is replaced nothing is passed on any more that the list does not carry.</summary>
    public async Task<SetCommunityResponse> SetAsync(SetCommunityRequest request, ClientCaller caller, CancellationToken cancellationToken)
    {
        var list = Read(request);
        var before = (await store.ReadCommunitiesAsync(cancellationToken)).Lists;
        if (before.Count >= MaxLists && before.All(stored => stored.List.Name != list.Name))
            throw Wrong("name", $"at most {MaxLists} lists; load another in the place of one");
        await store.SetCommunityAsync(new CommunityWrite(list, caller.Name, time.GetUtcNow().ToUnixTimeMilliseconds()), cancellationToken);
        await roster.ReloadAsync(cancellationToken);
        return new SetCommunityResponse { Digest = list.Digest.ToString(), Counts = Counts(list) };
    }

    /// <summary>The lists, and who has loaded the same.</summary>
    public async Task<ListCommunitiesResponse> ListAsync(CancellationToken cancellationToken)
    {
        var response = new ListCommunitiesResponse();
        foreach (var stored in (await store.ReadCommunitiesAsync(cancellationToken)).Lists)
        {
            var shown = new Community
            {
                Name = stored.List.Name,
                Digest = stored.List.Digest.ToString(),
                SetAt = Times.Of(stored.AtMs),
                SetBy = stored.Author,
                Counts = Counts(stored.List),
            };
            shown.Members.AddRange(stored.List.Members.Select(member => new V1.Node.CommunityMember
            {
                Institute = member.Institute.ToString(),
                RootFingerprint = member.Root.ToString(),
            }));
            shown.AgreeingPartners.AddRange(roster.Current.Partners
                .Where(partner => partner.CommonLists.Any(common => common.Digest == stored.List.Digest)).Select(partner => partner.Institute.ToString()));
            response.Communities.Add(shown);
        }

        return response;
    }

    private bool Counts(CommunityList list) => list.Has(identity.Institute, identity.RootFingerprint);

    private static CommunityList Read(SetCommunityRequest request)
    {
        var members = new List<Protocol.Keys.CommunityMember>();
        for (var i = 0; i < request.Members.Count && i <= CommunityList.MaxMembers; i++)
        {
            var member = request.Members[i];
            if (!InstituteId.TryParse(member.Institute, out var institute))
                throw Wrong($"members[{i}].institute", "an institute id is 2 to 16 of [a-z0-9-]");
            if (!RootFingerprint.TryParse(member.RootFingerprint, out var root))
                throw Wrong($"members[{i}].root_fingerprint", "64 hexadecimal digits");
            members.Add(new Protocol.Keys.CommunityMember(institute, root));
        }

        return CommunityList.TryCreate(request.Name, members, out var list, out var error) ? list : throw Wrong("members", error);
    }

    private static Grpc.Core.RpcException Wrong(string field, string rule) => FederationError.Exception(FederationReason.FieldInvalid, $"{field}: {rule}", (field, rule));
}
