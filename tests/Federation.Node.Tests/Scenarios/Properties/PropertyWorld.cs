using Federation.Node.Tests.Infrastructure;
using Federation.Node.Tests.Sharing;
using Federation.V1.Node;
using Grpc.Core;
using Xunit;

namespace Federation.Node.Tests.Scenarios.Properties;

/// <summary>
/// A real originator, real followers, and the model of what they do. A witness, who has no node and may see everything, tells when the
/// originator has dealt with what was written: only the witness ever sees the markers that are published for it.
/// </summary>
internal sealed class PropertyWorld : IAsyncDisposable
{
    public const string Origin = "uk";

    private const string Witness = "zz";

    private readonly TestFederation federation;
    private readonly Random random;
    private readonly RandomDrafts drafts;
    private readonly RandomPolicies policies;
    private readonly List<string> followers;
    private readonly HashSet<string> stopped = [];
    private readonly Dictionary<string, HashSet<string>> referred = [];

    private PropertyWorld(TestFederation federation, int seed, IEnumerable<string> followers)
    {
        this.federation = federation;
        random = new Random(seed);
        this.followers = [.. followers];
        drafts = new RandomDrafts(random, Model, Origin, [.. this.followers, "kr"]);
        policies = new RandomPolicies(random, [.. this.followers, "kr"]);
    }

    public SharingModel Model { get; } = new(Origin);

    public TestNode Node => federation[Origin];

    public IReadOnlyList<string> Followers => followers;

    public TestNode this[string follower] => federation[follower];

    /// <summary>Starts the nodes, with groups that have members, and a random policy for each follower.</summary>
    public static async Task<PropertyWorld> StartAsync(int seed, params string[] followers)
    {
        var world = new PropertyWorld(await TestFederation.StartAsync([Origin, .. followers]), seed, followers);
        await world.Node.AddPartnerAsync(new TestInstitute(Witness).Card, share: true);
        await world.Node.ApplyPolicyAsync(Witness, RandomPolicies.Everything.ToYaml());
        foreach (var group in RandomDrafts.Groups)
            await world.RegroupAsync(group, world.NewMembers());
        foreach (var follower in followers)
        {
            await world.Node.AddPartnerAsync(await world[follower].CardAsync(), share: true);
            await world.ApplyAsync(follower, await world.NewPolicyAsync(follower));
            await world.LetFollowAsync(follower);
        }

        return world;
    }

    public int Next(int below) => random.Next(below);

    public T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    /// <summary>Starts a node to which nothing was ever disclosed. The originator shares with it, under no policy yet.</summary>
    public async Task<TestNode> AddFreshAsync(string institute)
    {
        var node = federation.Add(await TestNode.StartNewAsync(institute));
        await Node.AddPartnerAsync(await node.CardAsync(), share: true);
        return node;
    }

    public async Task LetFollowAsync(string follower) => await this[follower].AddPartnerAsync(await Node.CardAsync(), follow: true);

    /// <summary>Draws a policy that the compiler takes: a new one, or the one in force with one thing changed.</summary>
    public async Task<PolicyWords> NewPolicyAsync(string partner)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            var fresh = random.Next(3) == 0 || !Model.Policies.ContainsKey(partner);
            var policy = fresh ? policies.New() : policies.Edited(Model.Policies[partner]);
            try
            {
                await Node.Operator.CheckPolicyAsync(new CheckPolicyRequest { Policy = policy.ToYaml(), FileName = "drawn.yaml" });
                return policy;
            }
            catch (RpcException refusal)
            {
                Refusals.Assert("POLICY_INVALID", refusal);
            }
        }

        throw new InvalidOperationException("the compiler takes none of 200 policies");
    }

    public string[] NewMembers() => [.. followers.Append("kr").Where(_ => random.Next(2) == 0)];

    public async Task ApplyAsync(string partner, PolicyWords policy)
    {
        await ApplyTextAsync(partner, policy.ToYaml());
        Model.Policies[partner] = policy;
    }

    /// <summary>Puts a policy in force that says what the one in force says.</summary>
    public async Task ApplyTextAsync(string partner, string policy) => await Node.ApplyPolicyAsync(partner, policy);

    public async Task RegroupAsync(string group, string[] members)
    {
        var request = new SetGroupRequest { Name = group, Confirmed = true };
        request.Members.AddRange(members);
        await Node.Operator.SetGroupAsync(request);
        Model.Groups[group] = [.. members];
    }

    public async Task FillAsync(int records)
    {
        for (var i = 0; i < records; i++)
            await PublishAsync();
    }

    /// <summary>Writes something at random.</summary>
    public async Task EditAsync()
    {
        var (choice, live) = (random.Next(10), Model.Records.Values.Where(record => !record.Erased).ToList());
        var open = live.FindAll(record => !record.Withdrawn);
        if (choice < 3 || open.Count == 0)
            await PublishAsync();
        else if (choice < 8)
            await ReviseAsync(Pick(open), null);
        else if (choice < 9)
            await WithdrawAsync(Pick(open));
        else
            await EraseAsync(Pick(live));
    }

    /// <summary>The own records to which a record refers, or ever referred.</summary>
    public IReadOnlyCollection<string> Referred(string record) => referred[record];

    /// <summary>Revises a record to a draft, or to one that is drawn.</summary>
    public async Task ReviseAsync(ModelRecord record, RecordDraft? draft)
    {
        var revised = draft ?? drafts.Revised(record);
        record.Revision = await Node.ReviseAsync(record.Id, record.Revision, revised);
        record.Draft = revised;
        NoteReferences(record);
    }

    public async Task EraseAsync(ModelRecord record)
    {
        await Node.EraseAsync(record.Id, record.Revision);
        record.Erased = true;
    }

    /// <summary>Stops a follower, or starts it again.</summary>
    public async Task TurnAsync(string follower)
    {
        if (stopped.Remove(follower))
        {
            await this[follower].StartAsync();
            return;
        }

        await this[follower].StopAsync();
        stopped.Add(follower);
    }

    public async Task RestartOriginAsync()
    {
        await Node.StopAsync();
        await Node.StartAsync();
    }

    /// <summary>Starts what was stopped, and waits until the originator has dealt with everything and the followers have all of it.</summary>
    public async Task SettleAsync()
    {
        foreach (var follower in stopped.ToList())
            await TurnAsync(follower);
        await Patience.UntilAsync(
            async () => (await Node.Operator.ListPartnersAsync(new ListPartnersRequest())).Partners.All(partner => partner.Outbound?.Sweeping != true),
            () => "the end of the sweeps");
        // The second marker is dealt with in a round that begins after the one of the first has done everything that follows from it.
        for (var i = 0; i < 2; i++)
        {
            var marker = Drafts.Practice("marker");
            marker.Audience.Add(Witness);
            var id = await Node.PublishAsync(marker);
            await Patience.UntilAsync(async () => (await DisclosuresAsync(Witness, id)).Count > 0, () => $"marker {id}");
        }

        foreach (var follower in followers)
        {
            var size = (await Node.OutboundAsync(follower)).Appended;
            await this[follower].WaitForInboundAsync(Origin, inbound => inbound.Applied == size && inbound.State == InboundState.Tailing);
            await Node.WaitForOutboundAsync(follower, outbound => outbound.Receipted == size);
        }
    }

    /// <summary>The entries of a ledger, of all records or of one, read in pages.</summary>
    public async Task<List<DisclosureEntry>> DisclosuresAsync(string partner, string record = "", int pageSize = 1000)
    {
        var entries = new List<DisclosureEntry>();
        var token = "";
        do
        {
            var request = new ListDisclosuresRequest { Partner = partner, RecordId = record, PageSize = pageSize, PageToken = token };
            var page = await Node.Operator.ListDisclosuresAsync(request);
            entries.AddRange(page.Entries);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return entries;
    }

    /// <summary>What a follower holds of the originator, by record.</summary>
    public async Task<SortedDictionary<string, RecordView>> HeldAsync(string follower)
    {
        var held = await this[follower].ListAllAsync(new RecordFilter { Origins = { Origin } });
        return new SortedDictionary<string, RecordView>(held.Values.ToDictionary(record => record.RecordId), StringComparer.Ordinal);
    }

    /// <summary>In what a follower differs from the model; empty if it does not.</summary>
    public async Task<string> FindDifferenceAsync(string follower)
    {
        var expected = Model.Held(follower);
        var held = await HeldAsync(follower);
        foreach (var id in expected.Keys.Union(held.Keys))
        {
            var (wanted, found) = (expected.GetValueOrDefault(id), held.TryGetValue(id, out var view) ? ViewText.Of(view) : null);
            if (wanted != found)
                return $"{follower} differs in record {id}\nexpected: {wanted}\nheld: {found}\ndraft: {Model.Records.GetValueOrDefault(id)?.Draft}\n"
                    + Model.Policies[follower].ToYaml();
        }

        return "";
    }

    public async Task AssertModelAsync(string after)
    {
        foreach (var follower in followers)
        {
            var difference = await FindDifferenceAsync(follower);
            Assert.True(difference.Length == 0, $"{after}: {difference}");
        }
    }

    public ValueTask DisposeAsync() => federation.DisposeAsync();

    private async Task PublishAsync()
    {
        var draft = drafts.New();
        var record = new ModelRecord(await Node.PublishAsync(draft), draft);
        Model.Records.Add(record.Id, record);
        referred.Add(record.Id, []);
        NoteReferences(record);
    }

    private void NoteReferences(ModelRecord record)
    {
        var targets = record.Draft.Parts.Select(part => part.Part.Link?.Target ?? part.Part.AnnotationTarget?.Target);
        referred[record.Id].UnionWith(targets.Where(target => target?.Origin == Origin).Select(target => target!.RecordId));
    }

    private async Task WithdrawAsync(ModelRecord record)
    {
        var keep = random.Next(3) == 0;
        var request = new WithdrawRecordRequest { RecordId = record.Id, ExpectedRevision = record.Revision, ReasonCode = "ERROR", KeepContent = keep };
        record.Revision = (await Node.Records.WithdrawRecordAsync(request)).Result.Revision;
        (record.Withdrawn, record.ContentGone) = (true, !keep);
    }
}
