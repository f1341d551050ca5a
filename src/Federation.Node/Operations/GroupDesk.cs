using System.Text.RegularExpressions;
using Federation.Node.Access;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Google.Protobuf.WellKnownTypes;

namespace Federation.Node.Operations;

/// <summary>Sets and lists groups of institutes. No partner ever sees a group, its name or its members.</summary>
internal sealed partial class GroupDesk(INodeStore store, RosterSource roster, PreviewDesk previews, TimeProvider time)
{
    private const int MaxMembers = 256;

    /// <summary>Gives a group its members. Once the roster is replaced no stream sends anything that a removed member may not see.</summary>
    public async Task<SetGroupResponse> SetAsync(SetGroupRequest request, ClientCaller caller, CancellationToken cancellationToken)
    {
        var members = ReadMembers(request.Name, request.Members);
        if (!request.Confirmed)
            await previews.RequireConfirmationAsync(request.Name, members, cancellationToken);
        var group = await store.SetGroupAsync(
            new GroupWrite(request.Name, members, caller.Name, time.GetUtcNow().ToUnixTimeMilliseconds()), cancellationToken);
        await roster.ReloadAsync(cancellationToken);
        return new SetGroupResponse { Epoch = (ulong)group.Epoch, InForceAt = Timestamp.FromDateTimeOffset(time.GetUtcNow()) };
    }

    /// <summary>A page of groups.</summary>
    public ListGroupsResponse List(ListGroupsRequest request)
    {
        var limit = Pages.Size(request.PageSize, 1000, 100);
        var after = request.PageToken;
        var page = roster.Current.Groups.Where(group => string.CompareOrdinal(group.Name, after) > 0).Take(limit + 1).ToList();
        var response = new ListGroupsResponse { NextPageToken = page.Count > limit ? page[limit - 1].Name : "" };
        foreach (var group in page.Take(limit))
        {
            var shown = new V1.Node.Group { Name = group.Name, Epoch = (ulong)group.Epoch, SetAt = Times.Of(group.AtMs), SetBy = group.Author };
            shown.Members.AddRange(group.Members.Select(member => member.ToString()));
            response.Groups.Add(shown);
        }

        return response;
    }

    /// <summary>The members that a caller names, each once, in order; bad names are refused.</summary>
    public static IReadOnlyList<InstituteId> ReadMembers(string name, IReadOnlyList<string> members)
    {
        var faults = new List<(string, string)>();
        if (!GroupName().IsMatch(name))
            faults.Add(("name", "2 to 32 of [a-z0-9-]"));
        if (members.Count > MaxMembers)
            faults.Add(("members", $"at most {MaxMembers}"));
        var read = new SortedSet<InstituteId>();
        for (var i = 0; i < members.Count && faults.Count < MaxMembers; i++)
        {
            if (InstituteId.TryParse(members[i], out var member))
                read.Add(member);
            else
                faults.Add(($"members[{i}]", "an institute id is 2 to 16 of [a-z0-9-]"));
        }

        return faults.Count == 0
            ? [.. read]
            : throw FederationError.Exception(FederationReason.FieldInvalid, $"{faults[0].Item1}: {faults[0].Item2}", [.. faults]);
    }

    [GeneratedRegex("^[a-z0-9-]{2,32}\\z")]
    private static partial Regex GroupName();
}
