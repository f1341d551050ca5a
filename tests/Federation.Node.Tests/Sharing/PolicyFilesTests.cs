using System.Text.RegularExpressions;
using Federation.Node.Sharing;
using Federation.Protocol.Records;
using Federation.V1.Records;
using Xunit;
using static Federation.Node.Tests.Sharing.Facts;
using Parts = Federation.V1.Records.Part;

namespace Federation.Node.Tests.Sharing;

public sealed class PolicyFilesTests
{
    [Theory]
    [InlineData("deploy/example/policy.yaml")]
    [InlineData("samples/policies/close-ally.yaml")]
    [InlineData("samples/policies/new-partner.yaml")]
    [InlineData("samples/policies/observer.yaml")]
    public void Every_policy_of_the_repository_compiles(string path) => Assert.NotEmpty(Policies.Document(Policies.ReadFile(path)).Rules);

    [Theory]
    [InlineData("deploy/example/policy.yaml")]
    [InlineData("samples/policies/close-ally.yaml")]
    [InlineData("samples/policies/new-partner.yaml")]
    [InlineData("samples/policies/observer.yaml")]
    public void A_rule_that_is_dropped_is_missed_by_an_example(string path)
    {
        var text = Policies.ReadFile(path);
        var end = text.IndexOf("\nexamples:\n", StringComparison.Ordinal) + 1;
        var starts = Regex.Matches(text[..end], "(?m)^  - name: ").Select(match => match.Index).ToList();
        Assert.InRange(starts.Count, 2, 256);
        foreach (var (start, next) in starts.Zip(starts.Skip(1).Append(end)))
        {
            var faults = Policies.FaultsOf(text[..start] + text[next..], "network");
            Assert.Contains(faults, fault => fault.Message.StartsWith("the example '", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_example_speaks_of_every_kind_and_key_of_the_language()
    {
        var text = Policies.ReadFile("deploy/example/policy.yaml");
        Assert.All(RecordKinds.Names, kind => Assert.Contains(kind, text, StringComparison.Ordinal));
        Assert.All(Markings.Names, marking => Assert.Contains(marking, text, StringComparison.Ordinal));
        Assert.All(LanguageWords.All.Except(PartTypes.Names), word => Assert.Matches($@"(?<![\w-]){Regex.Escape(word)}(?![\w-])", text));
        Assert.All(LanguageWords.Keys, key => Assert.Matches($@"(?m)^[^#\n]*(?<!\w){key}:\s", text));
    }

    [Fact]
    public void The_close_ally_gets_red_records_that_name_it_and_where_imports_came_from()
    {
        var facts = Record(
            marking: Marking.Red,
            audience: [Kr],
            topics: ["cbrn.bio"],
            parts: [Part(), Part(Parts.ImportSourceFieldNumber), Part(Parts.IncidentReproductionFieldNumber), Part(Parts.IncidentReporterContactFieldNumber)]);
        Assert.Equal([PartVerdict.Visible, PartVerdict.Visible, PartVerdict.Visible, PartVerdict.Type], Decide("close-ally", facts).Parts);
        Assert.False(Sample("close-ally").Decide(ForUk, facts, Now, AllNameable).Visible);
        Assert.True(Decide("close-ally", Record(RecordKind.Model, Marking.AmberStrict, parts: Part(Parts.ModelRiskFieldNumber))).Visible);
    }

    [Fact]
    public void The_new_partner_gets_nothing_that_tells_how_to_repeat_an_incident()
    {
        int[] types = [Parts.IncidentReproductionFieldNumber, Parts.IncidentAttackStepFieldNumber, Parts.IncidentReporterContactFieldNumber];
        var facts = Record(parts: [Part(), .. types.Select(type => Part(type))]);
        Assert.Equal([PartVerdict.Visible, PartVerdict.Type, PartVerdict.Type, PartVerdict.Type], Decide("new-partner", facts).Parts);
        Assert.False(Decide("new-partner", Record(marking: Marking.Amber, parts: Part())).Visible);
        Assert.True(Decide("new-partner", Record(RecordKind.Model, Marking.Amber, parts: Part(Parts.ModelRiskFieldNumber))).Visible);
        Assert.False(Decide("new-partner", Record(RecordKind.Model, Marking.AmberStrict, parts: Part(Parts.ModelRiskFieldNumber))).Visible);
        var biology = Record(RecordKind.Model, topics: ["cbrn.bio"], parts: Part(Parts.ModelRiskFieldNumber));
        Assert.Equal(RecordVerdict.Denied, Decide("new-partner", biology).Verdict);
    }

    [Fact]
    public void The_observer_learns_that_an_incident_happened_and_nothing_of_cbrn()
    {
        var cause = Part(Parts.IncidentCauseFieldNumber);
        var published = new TraitWords { Published = Now - (15 * Day) };
        Assert.Equal([PartVerdict.Type], Decide("observer", Record(traits: published, parts: cause)).Parts);
        Assert.Equal(RecordVerdict.Denied, Decide("observer", Record(topics: ["cbrn.chem"], parts: cause)).Verdict);
        Assert.Equal(RecordVerdict.NoRule, Decide("observer", Record(RecordKind.Flaw, Marking.Clear, parts: Part(Parts.FlawSummaryFieldNumber))).Verdict);
        Assert.Equal(RecordVerdict.Ceiling, Decide("observer", Record(marking: Marking.Amber, parts: cause)).Verdict);
    }

    private static SharingPolicy Sample(string name) => Policies.Compile(Policies.ReadFile($"samples/policies/{name}.yaml"));

    private static Decision Decide(string name, RecordFacts facts) => Sample(name).Decide(ForKr, facts, Now, AllNameable);
}
