using Federation.Node.Tests.Infrastructure;
using Federation.V1.Node;
using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Scenarios;

public sealed class ConvergenceTests
{
    private static readonly string[] Institutes = ["jp", "sg", "uk"];
    private static readonly string[] Policies = [TestPolicies.Everything, TestPolicies.Green, TestPolicies.WithoutReproduction, TestPolicies.PracticesOnly];
    private static readonly Marking[] Markings = [Marking.Clear, Marking.Green, Marking.Amber, Marking.Red];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Invariant_I7_after_any_operations_each_partner_holds_exactly_what_its_policy_allows(int seed)
    {
        var random = new Random(seed);
        await using var federation = await TestFederation.StartAsync(Institutes);
        foreach (var (origin, follower) in Pairs())
            await federation.LetFollowAsync(origin, follower, Pick(random, Policies));
        var own = Institutes.ToDictionary(i => i, _ => new Dictionary<string, uint>());

        for (var step = 0; step < 120; step++)
            await ActAsync(federation, own, random, step);

        var difference = "";
        await Patience.UntilAsync(async () => (difference = await FindDifferenceAsync(federation)) == "", () => $"seed {seed}: {difference}");
    }

    private static IEnumerable<(string Origin, string Follower)> Pairs() =>
        Institutes.SelectMany(o => Institutes.Where(f => f != o).Select(f => (o, f)));

    private static T Pick<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];

    private static async Task ActAsync(TestFederation federation, Dictionary<string, Dictionary<string, uint>> own, Random random, int step)
    {
        var institute = Pick(random, Institutes);
        var (node, records) = (federation[institute], own[institute]);
        var choice = random.Next(100);
        if (choice < 45 || records.Count == 0)
        {
            records.Add(await node.PublishAsync(NewDraft(institute, records, random, step)), 1);
        }
        else if (choice < 75)
        {
            var record = Pick(random, records.Keys.ToList());
            if ((await node.FindAsync(institute, record))!.Kind == RecordKind.Flaw)
                records[record] = await node.ReviseAsync(record, records[record], Drafts.Flaw($"flaw {step}", $"steps {random.Next(2)}", Pick(random, Markings)));
        }
        else if (choice < 85)
        {
            var record = Pick(random, records.Keys.ToList());
            await node.EraseAsync(record, records[record]);
            records.Remove(record);
        }
        else if (choice < 97)
        {
            await node.ApplyPolicyAsync(Pick(random, Institutes.Where(i => i != institute).ToList()), Pick(random, Policies));
        }
        else
        {
            await node.StopAsync();
            await node.StartAsync();
        }
    }

    private static RecordDraft NewDraft(string institute, Dictionary<string, uint> records, Random random, int step)
    {
        if (records.Count > 0 && random.Next(3) == 0)
            return Drafts.Practice($"practice {step}").Linking(institute, Pick(random, records.Keys.ToList()));
        var flaw = Drafts.Flaw($"flaw {step}", $"steps {step}", Pick(random, Markings));
        if (flaw.Envelope.Marking == Marking.Red)
            flaw.Audience.Add(Pick(random, Institutes));
        return flaw;
    }

    // Compares what each partner holds with what the originator says that it may see, part by part; empty if nothing differs.
    private static async Task<string> FindDifferenceAsync(TestFederation federation)
    {
        foreach (var (origin, follower) in Pairs())
        {
            var filter = new RecordFilter { Origins = { origin } };
            var held = await federation[follower].ListAllAsync(filter);
            foreach (var (name, record) in await federation[origin].ListAllAsync(filter))
            {
                var explained = await federation[origin].Operator.ExplainRecordAsync(new ExplainRecordRequest { RecordId = record.RecordId, Partner = follower });
                held.Remove(name, out var copy);
                if (explained.Visible != (copy is not null))
                    return $"{follower}: {name} is {(copy is null ? "missing" : "too much")} ({explained.Reason})";
                if (copy is null)
                    continue;
                var visible = explained.Parts.Skip(1).Where(p => p.Visible).Select(p => p.PartId).ToHashSet();
                var expected = record.Parts.Where(p => visible.Contains(p.PartId)).Select(p => (p.PartId, p.ChangedMs, p.Part)).ToList();
                if (!copy.Envelope.Equals(record.Envelope) || !expected.SequenceEqual(copy.Parts.Select(p => (p.PartId, p.ChangedMs, p.Part))))
                    return $"{follower}: {name} differs: {copy} instead of {record}";
            }

            if (held.Count > 0)
                return $"{follower}: holds {string.Join(", ", held.Keys)} and should not";
        }

        return "";
    }
}
