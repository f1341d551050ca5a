using Federation.Node.Sharing;
using Federation.Protocol.Records;
using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Sharing;

public sealed class PolicyCompilerTests
{
    private const string Good = """
        version: 1
        ceiling: AMBER+STRICT
        rules:
          - name: incidents
            allow:
              kinds: [incident, flaw]
              max_marking: GREEN
              topics: [cyber, cbrn.*]
              without_topics: [loss-of-control]
            withhold: [incident_reproduction, incident_reporter_contact]
            show: [import_source]
            envelope: share
          - name: no-hazards
            deny: {topics: [cbrn.bio]}
        """;

    [Fact]
    public void A_policy_is_compiled_to_what_it_says()
    {
        var policy = Policies.Document(Good);
        Assert.Equal((Marking.AmberStrict, 0), (policy.Ceiling, policy.Examples));
        Assert.Equal(2, policy.Rules.Count);
        var allow = policy.Rules[0];
        Assert.Equal(("incidents", false, Marking.Green, true), (allow.Name, allow.Denies, allow.Conditions.MaxMarking, allow.Handling.SharesEnvelope));
        Assert.Equal([RecordKind.Incident, RecordKind.Flaw], allow.Conditions.Kinds);
        Assert.Equal(["cbrn.*", "cyber"], allow.Conditions.Topics.Select(topic => topic.ToString()));
        Assert.Equal(["loss-of-control"], allow.Conditions.WithoutTopics.Select(topic => topic.ToString()));
        Assert.Equal(PartTypeSet.Of(Part.IncidentReproductionFieldNumber, Part.IncidentReporterContactFieldNumber), allow.Handling.Withheld);
        Assert.Equal(PartTypeSet.Of(Part.ImportSourceFieldNumber), allow.Handling.Shown);
        var deny = policy.Rules[1];
        Assert.Equal(("no-hazards", true, Marking.Red, false), (deny.Name, deny.Denies, deny.Conditions.MaxMarking, deny.Handling.SharesEnvelope));
        Assert.True(deny.Handling.IsSameAs(RuleHandling.Plain) && deny.Conditions.Kinds.Count == 0 && deny.Audience.IsEmpty);
    }

    [Theory]
    // Unknown keys.
    [InlineData("version: 1", "version: 1\nextends: base", "2:1: unknown key 'extends' in a policy; known: version, ceiling, rules, examples")]
    [InlineData("ceiling:", "celing:", "2:1: unknown key 'celing' in a policy; did you mean 'ceiling'?")]
    [InlineData("name: inc", "label: inc", "4:5: unknown key 'label' in a rule; known: name, allow, deny, audience, withhold, show, envelope, embargo, parts")]
    [InlineData("withhold:", "with-hold:", "10:5: unknown key 'with-hold' in a rule; did you mean 'withhold'?")]
    [InlineData("withhold:", "Withhold:", "10:5: unknown key 'Withhold' in a rule; did you mean 'withhold'?")]
    [InlineData("withhold:", "'withhold ':", "10:5: unknown key 'withhold ' in a rule; did you mean 'withhold'?")]
    [InlineData("withhold:", "'':", "10:5: unknown key '' in a rule; known: name, allow, deny, audience, withhold, show, envelope, embargo, parts")]
    [InlineData("kinds:", "kind:", "6:7: unknown key 'kind' in 'allow'; did you mean 'kinds'?")]
    [InlineData("max_marking: ", "max-marking: ", "7:7: unknown key 'max-marking' in 'allow'; did you mean 'max_marking'?")]
    [InlineData("{topics: [cbrn.bio]}", "{topic: [cbrn.bio]}", "14:12: unknown key 'topic' in 'deny'; did you mean 'topics'?")]
    [InlineData("version: 1", "<<: {version: 1}\nversion: 1", "1:1: unknown key '<<' in a policy; known: version, ceiling, rules, examples")]
    // Unknown values.
    [InlineData("AMBER+STRICT", "amber+strict", "2:10: unknown marking 'amber+strict'; did you mean 'AMBER+STRICT'?")]
    [InlineData("AMBER+STRICT", "TLP:AMBER", "2:10: unknown marking 'TLP:AMBER'; did you mean 'AMBER'?")]
    [InlineData("AMBER+STRICT", "WHITE", "2:10: unknown marking 'WHITE'; known: CLEAR, GREEN, AMBER, AMBER+STRICT, RED")]
    [InlineData("GREEN", "'GREEN '", "7:20: unknown marking 'GREEN '; did you mean 'GREEN'?")]
    [InlineData("[incident, flaw]", "[incidents, flaw]", "6:15: unknown kind 'incidents'; did you mean 'incident'?")]
    [InlineData("[incident, flaw]", "[incident, RECORD_KIND_FLAW]", "6:25: unknown kind 'RECORD_KIND_FLAW'")]
    [InlineData("incident_reproduction,", "incident_reproductin,", "10:16: unknown part type 'incident_reproductin'; did you mean 'incident_reproduction'?")]
    [InlineData("incident_reproduction,", "IncidentReproduction,", "10:16: unknown part type 'IncidentReproduction'; did you mean 'incident_reproduction'?")]
    [InlineData("[import_source]", "[source]", "11:12: unknown part type 'source'")]
    [InlineData("envelope: share", "envelope: shared", "12:15: unknown value of 'envelope' 'shared'; did you mean 'share'?")]
    [InlineData("envelope: share", "envelope: true", "12:15: a value of 'envelope' has to be text, not 'true'")]
    [InlineData("cbrn.*]", "cbrn*]", "8:23: unknown topic 'cbrn*'")]
    [InlineData("cbrn.*]", "'*']", "8:23: unknown topic '*'")]
    [InlineData("cbrn.*]", "Cbrn]", "8:23: unknown topic 'Cbrn'")]
    [InlineData("cbrn.*]", "cbrn..bio]", "8:23: unknown topic 'cbrn..bio'")]
    [InlineData("cbrn.*]", "cbrn.*.*]", "8:23: unknown topic 'cbrn.*.*'")]
    [InlineData("version: 1", "version: 2", "1:10: the version is '2'; this program understands version 1")]
    [InlineData("version: 1", "version: 01", "1:10: the version is '01'; this program understands version 1")]
    [InlineData("version: 1", "version: '1'", "1:10: the version is '1'; this program understands version 1")]
    // Missing keys.
    [InlineData("version: 1\n", "", "1:1: the policy has no 'version'")]
    [InlineData("ceiling: AMBER+STRICT\n", "", "1:1: the policy has no 'ceiling'")]
    [InlineData("- name: no-hazards\n    deny", "- deny", "13:5: the rule has no 'name'")]
    [InlineData("    deny: {topics: [cbrn.bio]}", "", "13:5: the rule has neither 'allow' nor 'deny'")]
    // Wrong types.
    [InlineData("{topics: [cbrn.bio]}", "[cbrn.bio]", "14:11: 'deny' has to be a mapping, not a list")]
    [InlineData("{topics: [cbrn.bio]}", "", "14:10: 'deny' has to be a mapping, not nothing ({} is an empty mapping)")]
    [InlineData("[incident, flaw]", "incident", "6:14: 'kinds' has to be a list, not 'incident'")]
    [InlineData("[incident, flaw]", "{incident: flaw}", "6:14: 'kinds' has to be a list, not a mapping")]
    [InlineData("[incident, flaw]", "[[incident]]", "6:15: a kind has to be text, not a list")]
    [InlineData("[incident, flaw]", "[~]", "6:15: a kind has to be text, not '~'")]
    [InlineData("name: incidents", "name: 7", "4:11: a rule's name has to be text, not '7'")]
    [InlineData("name: incidents", "name: null", "4:11: a rule's name has to be text, not 'null'")]
    [InlineData("name: incidents", "name: [a]", "4:11: a rule's name has to be text, not a list")]
    [InlineData("AMBER+STRICT", "[AMBER]", "2:10: a marking has to be text, not a list")]
    [InlineData("version: 1", "version: [1]", "1:10: the version is a list; this program understands version 1")]
    // Empty lists.
    [InlineData("[incident, flaw]", "[]", "6:14: 'kinds' is an empty list; leave the key out or name something")]
    [InlineData("[cyber, cbrn.*]", "[]", "8:15: 'topics' is an empty list; leave the key out or name something")]
    [InlineData("[loss-of-control]", "[]", "9:23: 'without_topics' is an empty list; leave the key out or name something")]
    [InlineData("[import_source]", "[]", "11:11: 'show' is an empty list; leave the key out or name something")]
    [InlineData("[incident_reproduction, incident_reporter_contact]", "[]", "10:15: 'withhold' is an empty list; leave the key out or name something")]
    // Names.
    [InlineData("name: no-hazards", "name: incidents", "13:11: the name 'incidents' was given before, in line 4")]
    [InlineData("name: no-hazards", "name: ''", "13:11: a rule's name is 1 to 64 letters")]
    [InlineData("name: no-hazards", "name: -x", "13:11: a rule's name is 1 to 64 letters")]
    [InlineData("name: no-hazards", "name: a/b", "13:11: a rule's name is 1 to 64 letters")]
    // Contradictions.
    [InlineData("deny: {topics: [cbrn.bio]}", "deny: {}\n    allow: {}", "14:5: a rule has either 'allow' or 'deny', not both")]
    [InlineData("[loss-of-control]", "[cbrn.*, cyber]", "8:7: the rule matches nothing: 'without_topics' excludes every one of its 'topics'")]
    [InlineData("topics: [cbrn.bio]", "topics: [cbrn.bio, cbrn.*], without_topics: [cbrn.*]", "14:12: the rule matches nothing")]
    [InlineData("incident_reproduction,", "import_source,", "11:12: the rule both withholds and shows 'import_source'")]
    [InlineData("[import_source]", "[incident_cause]", "11:12: 'incident_cause' is shown unless a rule withholds it; 'show' is for import_source")]
    [InlineData("[incident, flaw]", "[flaw]", "10:16: no record of the rule's kinds has a part 'incident_reproduction'")]
    [InlineData("{topics: [cbrn.bio]}", "{}\n    withhold: [link]", "15:5: 'withhold' has no meaning in a deny rule")]
    [InlineData("{topics: [cbrn.bio]}", "{}\n    show: [import_source]", "15:5: 'show' has no meaning in a deny rule")]
    [InlineData("{topics: [cbrn.bio]}", "{}\n    envelope: hide", "15:5: 'envelope' has no meaning in a deny rule")]
    [InlineData("{topics: [cbrn.bio]}", "{max_marking: GREEN}", "14:12: 'max_marking' in a deny rule would deny what is marked lower")]
    public void What_is_not_understood_is_refused_where_it_stands(string said, string instead, string fault)
    {
        Assert.Contains(said, Good, StringComparison.Ordinal);
        var at = Good.IndexOf(said, StringComparison.Ordinal);
        var faults = Policies.FaultsOf(Good[..at] + instead + Good[(at + said.Length)..]);
        Assert.Contains(faults, found => found.ToString().StartsWith("policy.yaml:" + fault, StringComparison.Ordinal));
    }

    [Fact]
    public void All_faults_are_told_at_once_in_the_order_of_the_text()
    {
        const string Text = """
            version: 3
            ceiling: PINK
            rules:
              - allow: {kinds: [incidnt], maxmarking: GREEN}
                withold: [link]
              - name: x
                deny: {topics: []}
                show: [import_source]
            colour: red
            """;
        var faults = Policies.FaultsOf(Text);
        Assert.Equal(
            [(1, 10), (2, 10), (4, 5), (4, 21), (4, 31), (5, 5), (7, 20), (8, 5), (9, 1)],
            faults.Select(fault => (fault.Line, fault.Column)));
    }

    [Fact]
    public void A_fault_reads_as_editors_expect_it() =>
        Assert.Equal("a.yaml:3:7: no such thing", new PolicyFault("a.yaml", 3, 7, "no such thing").ToString());

    [Fact]
    public void Rules_have_to_be_a_list_with_at_least_one()
    {
        foreach (var rules in new[] { "[]", "", "none", "{name: a, allow: {}}" })
        {
            var fault = Assert.Single(Policies.FaultsOf($"version: 1\nceiling: RED\nrules: {rules}\n"));
            Assert.Equal("'rules' has to be a list with at least one rule", fault.Message);
        }
    }

    [Fact]
    public void As_many_rules_as_the_bound_are_taken_and_not_one_more()
    {
        static string Rules(int count) => string.Join('\n', Enumerable.Range(0, count).Select(i => $"  - {{name: r{i}, allow: {{}}}}"));
        Assert.Equal(256, Policies.Of(Rules(256)).Rules.Count);
        var fault = Assert.Single(Policies.FaultsOf($"version: 1\nceiling: RED\nrules:\n{Rules(257)}\n"));
        Assert.Equal((260, "a policy has at most 256 rules"), (fault.Line, fault.Message));
    }

    [Fact]
    public void As_many_values_as_the_bound_are_taken_and_not_one_more()
    {
        static string Topics(int count) => string.Join(", ", Enumerable.Range(0, count).Select(i => $"t{i}"));
        Assert.Equal(64, Policies.Of($"  - {{name: a, allow: {{topics: [{Topics(64)}]}}}}").Rules[0].Conditions.Topics.Length);
        var fault = Assert.Single(Policies.FaultsOf($"version: 1\nceiling: RED\nrules:\n  - {{name: a, allow: {{topics: [{Topics(65)}]}}}}\n"));
        Assert.Equal("'topics' has more than 64 values", fault.Message);
    }

    [Fact]
    public void A_name_and_a_topic_may_be_as_long_as_their_bound_and_no_longer()
    {
        static string Text(int name, int topic) =>
            $"version: 1\nceiling: RED\nrules:\n  - {{name: {new string('n', name)}, allow: {{topics: [{new string('t', topic)}]}}}}\n";
        Policies.Compile(Text(64, 128));
        Assert.Equal(2, Policies.FaultsOf(Text(65, 129)).Count);
    }

    [Fact]
    public void Beyond_a_hundred_faults_the_rest_is_counted()
    {
        var faults = Policies.FaultsOf(string.Concat(Enumerable.Range(0, 500).Select(i => $"key{i}: x\n")));
        Assert.Equal(101, faults.Count);
        Assert.Equal("403 further faults are not shown", faults[^1].Message);
    }

    [Fact]
    public void What_a_fault_quotes_cannot_act_on_a_terminal()
    {
        var fault = Assert.Single(Policies.FaultsOf("version: 1\nceiling: \"\\e[31mRED\\u202E\"\nrules:\n  - {name: a, allow: {}}\n"));
        Assert.StartsWith("unknown marking '\\u{1B}[31mRED\\u{202E}'", fault.Message, StringComparison.Ordinal);
        var value = new string('x', 10_000);
        fault = Assert.Single(Policies.FaultsOf($"version: 1\nceiling: {value}\nrules:\n  - {{name: a, allow: {{}}}}\n"));
        Assert.InRange(fault.Message.Length, 64, 200);
    }
}
