using Federation.Node.Sharing;
using Xunit;

namespace Federation.Node.Tests.Sharing;

/// <summary>What a policy says and cannot mean: empty tests, rules that match nothing, and rules that never take effect.</summary>
public sealed class PolicyContradictionTests
{
    [Theory]
    // Unknown keys and words.
    [InlineData("allow: {severity: {min: high}}", "4:23: unknown key 'severity' in 'allow'")]
    [InlineData("allow: {state: [final]}", "4:23: unknown key 'state' in 'allow'; did you mean 'states'?")]
    [InlineData("allow: {states: [finl]}", "4:32: unknown state 'finl'; did you mean 'final'?")]
    [InlineData("allow: {flaw_severity: {min: disaster}}", "4:44: unknown severity 'disaster'; known: negligible, low, medium, high, critical")]
    [InlineData("allow: {flaw_severity: {from: low}}", "4:39: unknown key 'from' in 'flaw_severity'; known: min, max")]
    [InlineData("allow: {availability: [open]}", "4:38: unknown availability 'open'")]
    [InlineData("allow: {onward: [COMMUNITY]}", "4:32: unknown value of 'onward' 'COMMUNITY'; did you mean 'community'?")]
    [InlineData("allow: {attribution: [must-not]}", "4:37: unknown value of 'attribution' 'must-not'; did you mean 'must_not'?")]
    [InlineData("allow: {permitted_actions: [contact]}", "4:43: unknown value of 'permitted_actions' 'contact'")]
    [InlineData("allow: {origins: [Germany]}", "4:33: unknown institute 'Germany'")]
    [InlineData("allow: {languages: [english]}", null)]
    [InlineData("allow: {languages: [en_GB]}", "4:35: unknown language 'en_GB'")]
    [InlineData("allow: {languages: ['*']}", "4:35: unknown language '*'")]
    [InlineData("allow: {}, audience: {members: [uk]}", "4:37: unknown key 'members' in 'audience'; known: institutes, groups")]
    [InlineData("allow: {}, embargo: {after: 1d}", "4:36: unknown key 'after' in 'embargo'; known: until, after_publication")]
    [InlineData("allow: {}, parts: {links: {max_marking: RED}}", "4:34: unknown part type 'links' in 'parts'; did you mean 'link'?")]
    [InlineData("allow: {}, parts: {link: {marking: RED}}", "4:41: unknown key 'marking' in the handling of 'link'")]
    // Wrong types and forms.
    [InlineData("allow: {issued: {from: 2026}}", "4:38: 'from' has to be text, not '2026'")]
    [InlineData("allow: {issued: {from: 2026-1-1}}", "4:38: 'from' is '2026-1-1'; a moment is a date such as 2026-01-31")]
    [InlineData("allow: {issued: {from: 2026-02-30}}", "4:38: 'from' is '2026-02-30'")]
    [InlineData("allow: {issued: {before: 2026-01-01T00:00:00}}", "4:40: 'before' is '2026-01-01T00:00:00'")]
    [InlineData("allow: {issued: 2026-01-01}", "4:31: 'issued' has to be a mapping, not '2026-01-01'")]
    [InlineData("allow: {incident_severity: hazard}", "4:42: 'incident_severity' has to be a mapping, not 'hazard'")]
    [InlineData("allow: {}, embargo: 30d", "4:35: 'embargo' has to be a mapping, not '30d'")]
    [InlineData("allow: {}, embargo: {after_publication: 30}", "4:55: 'after_publication' has to be text, not '30'")]
    [InlineData("allow: {}, embargo: {after_publication: 0d}", "4:55: 'after_publication' is '0d'; a duration is 1d to 3650d, or 1h to 87600h")]
    [InlineData("allow: {}, embargo: {after_publication: 01d}", "4:55: 'after_publication' is '01d'")]
    [InlineData("allow: {}, embargo: {after_publication: 3651d}", "4:55: 'after_publication' is '3651d'")]
    [InlineData("allow: {}, embargo: {after_publication: 87601h}", "4:55: 'after_publication' is '87601h'")]
    [InlineData("allow: {}, embargo: {after_publication: 5m}", "4:55: 'after_publication' is '5m'")]
    [InlineData("allow: {}, embargo: {after_publication: 99999999999d}", "4:55: 'after_publication' is '99999999999d'")]
    [InlineData("allow: {}, embargo: {after_publication: 87600h}", null)]
    [InlineData("allow: {}, embargo: {after_publication: 3650d}", null)]
    // Empty.
    [InlineData("allow: {states: []}", "4:31: 'states' is an empty list")]
    [InlineData("allow: {origins: []}", "4:32: 'origins' is an empty list")]
    [InlineData("allow: {issued: {}}", "4:31: 'issued' is empty")]
    [InlineData("allow: {flaw_severity: {}}", "4:38: 'flaw_severity' is empty")]
    [InlineData("allow: {}, audience: {}", "4:36: 'audience' names nobody")]
    [InlineData("allow: {}, audience: {groups: []}", "4:45: 'groups' is an empty list")]
    [InlineData("allow: {}, embargo: {}", "4:35: 'embargo' is empty")]
    [InlineData("allow: {}, parts: {}", "4:33: 'parts' is empty")]
    [InlineData("allow: {}, parts: {link: {}}", "4:40: nothing is said about 'link'; give 'max_marking' or 'embargo'")]
    // Nothing is meant.
    [InlineData("allow: {min_marking: AMBER, max_marking: GREEN}", "4:23: the rule matches nothing: its 'min_marking' is above its 'max_marking'")]
    [InlineData("allow: {min_marking: AMBER+STRICT}", "4:23: the rule allows nothing: its 'min_marking' is above the policy's ceiling")]
    [InlineData("allow: {min_marking: AMBER}", null)]
    [InlineData(
        "allow: {incident_severity: {min: disaster, max: hazard}}",
        "4:43: the rule matches nothing: the 'min' of its 'incident_severity' is above the 'max'")]
    [InlineData("allow: {incident_severity: {min: hazard, max: hazard}}", null)]
    [InlineData(
        "allow: {incident_severity: {min: hazard}, flaw_severity: {min: low}}",
        "4:57: the rule matches nothing: no record has a severity on both scales")]
    [InlineData(
        "allow: {kinds: [flaw], incident_severity: {min: hazard}}",
        "4:38: the rule matches nothing: no record of its kinds has an incident's severity")]
    [InlineData("allow: {kinds: [incident], flaw_severity: {min: low}}", "4:42: the rule matches nothing: no record of its kinds has a flaw's severity")]
    [InlineData("allow: {kinds: [dataset, flaw], availability: [unknown]}", "4:47: the rule matches nothing: no record of its kinds has an availability")]
    [InlineData("allow: {kinds: [dataset, model], availability: [unknown]}", null)]
    [InlineData("allow: {issued: {from: 2026-01-01, before: 2026-01-01}}", "4:32: the rule matches nothing: 'from' is not earlier than 'before'")]
    [InlineData("allow: {kinds: [flaw]}, parts: {incident_cause: {max_marking: GREEN}}", "4:47: no record of the rule's kinds has a part 'incident_cause'")]
    [InlineData("allow: {}, withhold: [link], parts: {link: {max_marking: GREEN}}", "4:52: the rule withholds every 'link'")]
    [InlineData("allow: {min_marking: AMBER}, parts: {link: {max_marking: GREEN}}", "4:72: no 'link' is shared: a part is marked at least as its record")]
    [InlineData("deny: {}, embargo: {after_publication: 1d}", "4:25: 'embargo' has no meaning in a deny rule")]
    [InlineData("deny: {}, parts: {link: {max_marking: RED}}", "4:25: 'parts' has no meaning in a deny rule")]
    [InlineData(
        "deny: {max_marking: GREEN}",
        "4:22: 'max_marking' in a deny rule would deny what is marked lower; to deny what is marked higher use 'min_marking'")]
    [InlineData("deny: {min_marking: RED}, audience: {institutes: [uk]}", null)]
    public void What_a_rule_can_not_mean_is_refused_where_it_stands(string rule, string? fault)
    {
        var text = $"version: 1\nceiling: AMBER\nrules:\n  - {{name: a, {rule}}}\n";
        if (fault is null)
        {
            Policies.Document(text);
            return;
        }
        var faults = Policies.FaultsOf(text, "network");
        Assert.True(faults.Any(found => found.ToString().StartsWith("policy.yaml:" + fault, StringComparison.Ordinal)), string.Join('\n', faults));
    }

    [Theory]
    [InlineData("{}", "{}", true)]
    [InlineData("{kinds: [flaw]}", "{}", true)]
    [InlineData("{}", "{kinds: [flaw]}", false)]
    [InlineData("{kinds: [flaw], max_marking: GREEN}", "{kinds: [flaw, model]}", true)]
    [InlineData("{min_marking: GREEN}", "{min_marking: AMBER}", false)]
    [InlineData("{min_marking: AMBER}", "{min_marking: GREEN}", true)]
    [InlineData("{topics: [cbrn.bio]}", "{topics: [cbrn.*]}", true)]
    [InlineData("{topics: [cbrn.bio, cyber]}", "{topics: [cbrn.*]}", false)]
    [InlineData("{without_topics: [cbrn.*]}", "{without_topics: [cbrn.bio]}", true)]
    [InlineData("{without_topics: [cbrn.bio]}", "{without_topics: [cbrn.*]}", false)]
    [InlineData("{}", "{without_topics: [cbrn.*]}", false)]
    [InlineData("{}", "{states: [interim, final, withdrawn, superseded]}", true)]
    [InlineData("{states: [final]}", "{states: [final, interim]}", true)]
    [InlineData("{}", "{states: [final, interim, withdrawn]}", false)]
    [InlineData("{incident_severity: {max: hazard}}", "{incident_severity: {max: incident}}", true)]
    [InlineData("{incident_severity: {max: incident}}", "{incident_severity: {max: hazard}}", false)]
    [InlineData("{flaw_severity: {max: low}}", "{incident_severity: {min: hazard}}", false)]
    [InlineData("{origins: [de]}", "{origins: [de, fr]}", true)]
    [InlineData("{origins: [de]}", "{}", true)]
    [InlineData("{}", "{origins: [de]}", false)]
    [InlineData("{languages: [en-GB]}", "{languages: [en]}", true)]
    [InlineData("{languages: [en]}", "{languages: [en-GB]}", false)]
    [InlineData("{issued: {from: 2026-01-01, before: 2027-01-01}}", "{issued: {from: 2025-01-01}}", true)]
    [InlineData("{issued: {from: 2026-01-01}}", "{issued: {from: 2025-01-01, before: 2027-01-01}}", false)]
    [InlineData("{availability: [unknown]}", "{availability: [unknown, unreleased]}", true)]
    [InlineData("{}", "{availability: [open_weights, closed_weights, unreleased, unknown]}", false)]
    [InlineData("{onward: [none]}", "{onward: [none, community]}", true)]
    [InlineData("{attribution: [may]}", "{attribution: [must]}", false)]
    [InlineData("{permitted_actions: [none]}", "{permitted_actions: [none], kinds: [flaw]}", false)]
    public void An_allowance_that_one_denial_covers_test_by_test_is_refused(string allow, string deny, bool covered)
    {
        var text = $"version: 1\nceiling: RED\nrules:\n  - {{name: yes, allow: {allow}}}\n  - name: no\n    deny: {deny}\n"
            .Replace("name: yes", "name: 'yes'", StringComparison.Ordinal);
        if (!covered)
        {
            Policies.Document(text);
            return;
        }
        Assert.Equal(
            "policy.yaml:4:5: the rule 'yes' allows nothing: the deny rule 'no' in line 5 denies all of it; remove one or narrow the denial",
            Assert.Single(Policies.FaultsOf(text)).ToString());
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("institutes: [uk]", "", true)]
    [InlineData("", "institutes: [uk]", false)]
    [InlineData("institutes: [uk]", "institutes: [uk, sg]", true)]
    [InlineData("institutes: [uk], groups: [network]", "institutes: [uk, sg]", false)]
    [InlineData("groups: [network]", "institutes: [uk], groups: [network, club]", true)]
    public void A_denial_covers_what_is_for_at_most_its_own_audience(string allow, string deny, bool covered)
    {
        static string Audience(string names) => names.Length == 0 ? "" : $", audience: {{{names}}}";
        var text = $"version: 1\nceiling: RED\nrules:\n  - {{name: a, allow: {{}}{Audience(allow)}}}\n  - {{name: b, deny: {{}}{Audience(deny)}}}\n";
        Assert.Equal(!covered, PolicyCompiler.TryCompile(text, "policy.yaml", groups: null, out _, out _));
    }

    [Fact]
    public void Denials_that_others_cover_and_allowances_that_others_cover_are_no_faults() =>
        Assert.Equal(4, Policies.Document("""
            version: 1
            ceiling: RED
            rules:
              - {name: a, allow: {}}
              - {name: b, allow: {kinds: [flaw]}}
              - {name: c, deny: {topics: [cbrn.*]}}
              - {name: d, deny: {topics: [cbrn.bio]}}
            """).Rules.Count);
}
