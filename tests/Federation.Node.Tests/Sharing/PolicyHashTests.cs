using Federation.Node.Sharing;
using Xunit;

namespace Federation.Node.Tests.Sharing;

public sealed class PolicyHashTests
{
    private const string Reference = """
        version: 1
        ceiling: AMBER
        rules:
          - name: incidents
            allow:
              kinds: [incident, flaw]
              states: [final, superseded]
              min_marking: CLEAR
              max_marking: GREEN
              topics: [cyber, persuasion]
              without_topics: [cbrn.*, loss-of-control]
              incident_severity: {min: hazard, max: incident}
              languages: [en, pt-BR]
              issued: {from: 2026-01-01, before: 2027-01-01}
              onward: [community]
              permitted_actions: [none, internally_visible_actions]
              attribution: [may, must]
            audience: {institutes: [uk, sg], groups: [network, club]}
            withhold: [incident_cause, flaw_codes]
            show: [import_source]
            envelope: share
            embargo: {until: 2026-06-01, after_publication: 30d}
            parts:
              flaw_reproduction: {max_marking: GREEN, embargo: {after_publication: 36h}}
              link: {max_marking: GREEN}
          - name: models of others
            allow: {kinds: [model], origins: [de, fr], availability: [open_weights]}
          - name: no-hazards
            deny: {topics: [cbrn.bio]}
        """;

    private const string OtherSpelling = """
        # Another author, the same policy.
        ---
        "rules":
        - envelope: "share"
          show:
            - import_source
          parts: {link: {max_marking: GREEN}, aliases: {max_marking: RED},
            flaw_reproduction: {embargo: {after_publication: 36h}, max_marking: GREEN}}
          embargo: {after_publication: 720h, until: 2026-06-01T00:00:00Z}
          audience: {groups: [club, network, club], institutes: [sg, uk]}
          withhold: ['flaw_codes', incident_cause, incident_cause]
          name: something else
          allow:
            attribution: [must, may]
            permitted_actions: [internally_visible_actions, none]
            onward: [community, community]
            issued: {before: 2027-01-01T00:00:00Z, from: 2026-01-01T00:00:00Z}
            languages: [EN, en-GB, pt-br]
            incident_severity: {max: incident}
            states: [superseded, final]
            without_topics: [loss-of-control, cbrn.*, cbrn.bio]
            topics:
            - persuasion
            - cyber
            - cyber
            max_marking: 'GREEN'
            kinds: [flaw, incident, flaw]
        - {deny: {topics: [cbrn.bio, cbrn.bio]}, name: x}
        - {name: a twin, deny: {topics: [cbrn.bio]}}
        - {name: denied anyway, deny: {topics: [cbrn.bio], kinds: [model, flaw]}}
        - {name: allowed anyway, allow: {kinds: [model], origins: [fr], availability: [open_weights], topics: [cyber]}, audience: {groups: [club]}}
        - {name: others, allow: {kinds: [model], origins: [fr, de], availability: [open_weights], max_marking: RED}}
        ceiling: "AMBER"
        version: 1
        examples:
          - {name: one, record: {kind: dataset, marking: CLEAR}, expect: hide}
        ...
        """;

    [Fact]
    public void Two_spellings_of_one_policy_have_one_hash() =>
        Assert.Equal(Policies.Document(Reference).ClassHash, Policies.Document(OtherSpelling).ClassHash);

    [Theory]
    [InlineData("ceiling: AMBER", "ceiling: GREEN")]
    [InlineData("ceiling: AMBER", "ceiling: AMBER+STRICT")]
    [InlineData("[incident, flaw]", "[incident, flaw, model]")]
    [InlineData("kinds: [incident, flaw]", "kinds: [incident, flaw, dataset]")]
    [InlineData("[final, superseded]", "[final]")]
    [InlineData("min_marking: CLEAR", "min_marking: GREEN")]
    [InlineData("      max_marking: GREEN\n      topics", "      max_marking: AMBER\n      topics")]
    [InlineData("[cyber, persuasion]", "[cyber]")]
    [InlineData("[cyber, persuasion]", "[cyber.*, persuasion]")]
    [InlineData("[cbrn.*, loss-of-control]", "[cbrn, loss-of-control]")]
    [InlineData("{min: hazard, max: incident}", "{min: serious_hazard, max: incident}")]
    [InlineData("{min: hazard, max: incident}", "{min: hazard}")]
    [InlineData("incident_severity: {min: hazard, max: incident}", "flaw_severity: {max: medium}")]
    [InlineData("[en, pt-BR]", "[en, pt]")]
    [InlineData("from: 2026-01-01", "from: 2026-01-01T00:00:01Z")]
    [InlineData(", before: 2027-01-01", "")]
    [InlineData("[community]", "[community, none]")]
    [InlineData("[none, internally_visible_actions]", "[none]")]
    [InlineData("[may, must]", "[may, must, must_not]")]
    [InlineData("institutes: [uk, sg]", "institutes: [uk]")]
    [InlineData("institutes: [uk, sg], ", "")]
    [InlineData("groups: [network, club]", "groups: [network]")]
    [InlineData("    audience: {institutes: [uk, sg], groups: [network, club]}\n", "")]
    [InlineData("[incident_cause, flaw_codes]", "[incident_cause]")]
    [InlineData("    withhold: [incident_cause, flaw_codes]\n", "")]
    [InlineData("    show: [import_source]\n", "")]
    [InlineData("envelope: share", "envelope: hide")]
    [InlineData("until: 2026-06-01", "until: 2026-06-02")]
    [InlineData("after_publication: 30d", "after_publication: 31d")]
    [InlineData("{max_marking: GREEN, embargo: {after_publication: 36h}}", "{max_marking: GREEN}")]
    [InlineData("{max_marking: GREEN, embargo: {after_publication: 36h}}", "{embargo: {after_publication: 36h}}")]
    [InlineData("      link: {max_marking: GREEN}\n", "")]
    [InlineData("origins: [de, fr], ", "")]
    [InlineData("origins: [de, fr]", "origins: [de]")]
    [InlineData(", availability: [open_weights]", "")]
    [InlineData("[open_weights]", "[open_weights, unknown]")]
    [InlineData("deny: {topics: [cbrn.bio]}", "allow: {topics: [cbrn.bio]}")]
    [InlineData("deny: {topics: [cbrn.bio]}", "deny: {kinds: [dataset], without_topics: [cbrn.bio]}")]
    [InlineData("deny: {topics: [cbrn.bio]}", "deny: {kinds: [flaw]}")]
    [InlineData("deny: {topics: [cbrn.bio]}", "deny: {topics: [cbrn.bio]}\n    audience: {institutes: [uk]}")]
    public void A_policy_that_says_something_else_has_another_hash(string said, string instead)
    {
        Assert.Contains(said, Reference, StringComparison.Ordinal);
        var other = Reference.Replace(said, instead, StringComparison.Ordinal);
        Assert.NotEqual(Policies.Document(Reference).ClassHash, Policies.Document(other).ClassHash);
    }

    [Theory]
    [InlineData("{}", "{states: [final, interim, superseded, withdrawn]}", true)]
    [InlineData("{}", "{onward: [none, community]}", true)]
    [InlineData("{}", "{attribution: [may, must, must_not]}", true)]
    [InlineData("{}", "{min_marking: CLEAR}", true)]
    [InlineData("{}", "{availability: [open_weights, closed_weights, unreleased, unknown]}", false)]
    [InlineData("{}", "{issued: {from: 0001-01-01}}", false)]
    [InlineData("{kinds: [model]}", "{kinds: [model], topics: [cyber]}", false)]
    public void A_denial_of_every_value_that_each_record_has_is_one_without_that_test(string plain, string written, bool same)
    {
        var one = Policies.Compile($"version: 1\nceiling: RED\nrules:\n  - {{name: a, deny: {plain}}}\n");
        var other = Policies.Compile($"version: 1\nceiling: RED\nrules:\n  - {{name: a, deny: {written}}}\n");
        Assert.Equal(same, one.ClassHash == other.ClassHash);
    }

    [Fact]
    public void An_allowance_of_every_value_that_this_program_knows_is_not_one_of_values_that_it_does_not() =>
        Assert.NotEqual(
            Policies.AllowAll().ClassHash, Policies.Of("  - {name: all, allow: {states: [final, interim, superseded, withdrawn]}}").ClassHash);

    [Fact]
    public void A_rule_that_another_covers_with_at_least_its_effect_leaves_no_trace()
    {
        const string Wide =
            "  - {name: wide, allow: {kinds: [incident, flaw]}, withhold: [flaw_codes, link], envelope: share, embargo: {after_publication: 2d}}";
        const string Same = "\n  - {name: narrow, allow: {kinds: [flaw], topics: [cyber]}, withhold: [link], parts: {flaw_codes: {max_marking: CLEAR}}}";
        Assert.Equal(Policies.Of(Wide).ClassHash, Policies.Of(Wide + Same).ClassHash);
        Assert.Equal(2, Policies.Of(Wide + Same).Rules.Count);
        string[] further = ["withhold: [flaw_attacker]", "show: [import_source]", "embargo: {after_publication: 3d}", "parts: {aliases: {max_marking: CLEAR}}"];
        foreach (var said in further)
        {
            var narrow = $"\n  - {{name: narrow, allow: {{kinds: [flaw]}}, {said}}}";
            Assert.NotEqual(Policies.Of(Wide).ClassHash, Policies.Of(Wide + narrow).ClassHash);
        }
    }

    [Fact]
    public void For_one_partner_audiences_make_no_difference_and_the_rules_of_others_are_not_there()
    {
        var document = Policies.Document("""
            version: 1
            ceiling: RED
            rules:
              - {name: all, allow: {kinds: [flaw]}}
              - {name: some, allow: {kinds: [model]}, audience: {groups: [network]}}
              - {name: one, deny: {kinds: [flaw]}, audience: {institutes: [uk]}}
            """);
        var plain = Policies.Of("  - {name: x, allow: {kinds: [flaw]}}\n  - {name: y, allow: {kinds: [model]}}", "RED");
        Assert.Equal(plain.ClassHash, document.For(Recipient.Of(Facts.Kr, "network")).ClassHash);
        Assert.Equal(["all"], document.For(Facts.ForKr).Rules.Select(rule => rule.Name));
        Assert.Equal(["all", "one"], document.For(Facts.ForUk).Rules.Select(rule => rule.Name));
        Assert.Equal(Policies.Of("  - {name: n, deny: {kinds: [flaw]}}", "RED").ClassHash, document.For(Facts.ForUk).ClassHash);
    }

    [Fact]
    public void The_normal_form_is_the_same_from_release_to_release()
    {
        // Stored hashes are compared with it; a change here is a change of every policy's class.
        const string Incidents =
            "allow;kinds=2,3;states=2,4;max=2;topics=cyber,persuasion;without=cbrn.*,loss-of-control;severity=101..103;languages=en,pt-br"
            + ";issued=1767225600000..1798761599999;onward=2;actions=1,3;attribution=1,2;institutes=sg,uk;groups=club,network"
            + ";withhold=125,142;show=11;envelope=1;embargo=1780272000000+2592000000;parts=12/2/0+0,143/2/0+129600000";
        const string Expected = $"""
            federation/policy-class.v1
            ceiling=3
            allow;kinds=1;origins=de,fr;availability=1
            {Incidents}
            deny;topics=cbrn.bio

            """;
        var policy = Policies.Document(Reference);
        Assert.Equal(Expected, PolicyNormalForm.Write(policy.Ceiling, PolicyNormalForm.Reduce(policy.Rules)));
        Assert.Equal(Federation.Protocol.Records.Digest.Sha256(System.Text.Encoding.UTF8.GetBytes(Expected)), policy.ClassHash);
    }
}
