using Federation.Node.Tests.Infrastructure;
using Federation.V1.Node;
using Federation.V1.Records;

namespace Federation.Node.Tests.Scenarios.Passing;

/// <summary>What tests of passing on do with nodes, in one line each.</summary>
internal static class OnwardSteps
{
    // What gRPC logs of a call that its client gave up: followers begin anew where lists change, and their calls end with them.
    private const int CallGivenUp = 6;

    /// <summary>A policy that passes on records of some institutes beside the own ones.</summary>
    public static string PassingOn(params string[] origins) => $"""
        version: 1
        ceiling: RED
        rules:
          - name: own
            allow: {"{}"}
          - name: others
            allow:
              origins: [{string.Join(", ", origins)}]
        """;

    /// <summary>As the other one, without the parts that show how to repeat a flaw.</summary>
    public static string PassingOnWithoutReproduction(params string[] origins) => $"{PassingOn(origins)}\n    withhold: [flaw_reproduction]";

    /// <summary>A flaw that its envelope opens to a community.</summary>
    public static RecordDraft Open(string title, string secret = "as described", Marking marking = Marking.Green)
    {
        var draft = Drafts.Flaw(title, secret, marking);
        draft.Envelope.Onward = Onward.Community;
        return draft;
    }

    /// <summary>Adds permission for one institute.</summary>
    public static RecordDraft Granting(this RecordDraft draft, string institute) =>
        draft.With($"grant-{institute}", new Part { OnwardGrant = new OnwardGrant { Institute = institute } });

    /// <summary>Loads one list of the same institutes at nodes.</summary>
    public static async Task SetCommunityAsync(this TestFederation federation, string name, IReadOnlyList<string> members, params string[] at)
    {
        var request = await federation.CommunityAsync(name, members);
        foreach (var node in federation.Nodes)
            node.Log.Expect(CallGivenUp);
        foreach (var node in at)
            await federation[node].Operator.SetCommunityAsync(request);
    }

    /// <summary>A list of the federation's nodes.</summary>
    public static async Task<SetCommunityRequest> CommunityAsync(this TestFederation federation, string name, IReadOnlyList<string> members)
    {
        var request = new SetCommunityRequest { Name = name };
        foreach (var member in members)
        {
            var node = await federation[member].Operator.GetNodeAsync(new GetNodeRequest());
            request.Members.Add(new CommunityMember { Institute = member, RootFingerprint = node.RootFingerprint });
        }

        return request;
    }

    /// <summary>Waits until nodes have loaded a list alike, as a node sees it.</summary>
    public static Task WaitForAgreementAsync(this TestNode node, params string[] partners) => Patience.UntilAsync(
        async () => (await node.Operator.ListCommunitiesAsync(new ListCommunitiesRequest())).Communities.Any(list => partners.All(list.AgreeingPartners.Contains)),
        () => $"{node.Institute} and {string.Join(", ", partners)} have a list in common");

    /// <summary>A record at a node that has to be there already.</summary>
    public static async Task<RecordView> GetAsync(this TestNode node, string origin, string record) =>
        await node.FindAsync(origin, record) ?? throw new InvalidOperationException($"{node.Institute} has no record {record} of {origin}");

    /// <summary>Waits until whatever a node has written or received by now has reached a follower.</summary>
    public static async Task SettleThroughAsync(this TestFederation federation, string origin, string passer, string receiver)
    {
        await federation.SettleAsync(origin, passer);
        await federation.SettleAsync(passer, receiver);
    }
}
