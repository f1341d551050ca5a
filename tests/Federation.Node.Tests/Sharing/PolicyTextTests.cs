using Federation.Node.Sharing;
using Xunit;

namespace Federation.Node.Tests.Sharing;

/// <summary>What is taken and refused of YAML itself.</summary>
public sealed class PolicyTextTests
{
    private const string Good = "version: 1\nceiling: RED\nrules:\n  - name: a\n    allow: {}\n";

    [Theory]
    [InlineData("---\n" + Good)]
    [InlineData(Good + "...\n")]
    [InlineData("# A remark with é, 日本語 and \U0001F30D.\n\n" + Good)]
    [InlineData("\uFEFF" + Good)]
    [InlineData("{version: 1, ceiling: RED, rules: [{name: a, allow: {}}]}")]
    [InlineData("\"version\": 1\n'ceiling': \"RED\"\nrules:\n- {name: 'a', allow: {}}")]
    public void The_usual_spellings_are_understood(string text) =>
        Assert.Equal(Policies.Compile(Good).ClassHash, Policies.Compile(text).ClassHash);

    [Fact]
    public void Line_ends_of_windows_are_understood() =>
        Assert.Equal(Policies.Compile(Good).ClassHash, Policies.Compile(Good.Replace("\n", "\r\n", StringComparison.Ordinal)).ClassHash);

    [Theory]
    [InlineData("", "1:1: the policy is empty")]
    [InlineData("# nothing but a remark\n", "1:1: the policy is empty")]
    [InlineData("policy", "1:1: a policy has to be a mapping, not 'policy'")]
    [InlineData("- a\n", "1:1: a policy has to be a mapping, not a list")]
    [InlineData("---\n---\n" + Good, "2:1: a policy is one document")]
    [InlineData(Good + "---\n" + Good, "6:1: a policy is one document")]
    [InlineData(Good + "---\n", "6:1: a policy is one document")]
    [InlineData(Good + "...\nfoo\n", "7:1: a policy is one document")]
    [InlineData("%YAML 1.2\n---\n" + Good, "1:1: a directive is not understood")]
    [InlineData("%TAG !e! tag:example,2000:\n---\n" + Good, "1:1: a directive is not understood")]
    [InlineData("%FOO bar\n---\n" + Good, "1:1: a directive is not understood")]
    [InlineData(Good + "version: 1\n", "6:1: the key 'version' was given before, in line 1")]
    [InlineData(Good + "\"ceiling\": RED\n", "6:1: the key 'ceiling' was given before, in line 2")]
    [InlineData(Good + "    allow: {}\n", "6:5: the key 'allow' was given before, in line 5")]
    [InlineData("version: &v 1\nceiling: RED\nrules:\n  - {name: a, allow: {}}", "1:10: an anchor or a tag is not understood; leave it out")]
    [InlineData("version: !!int 1\nceiling: RED\nrules:\n  - {name: a, allow: {}}", "1:10: an anchor or a tag is not understood; leave it out")]
    [InlineData("version: ! 1\nceiling: RED\nrules:\n  - {name: a, allow: {}}", "1:10: an anchor or a tag is not understood; leave it out")]
    [InlineData("version: 1\nceiling: RED\nrules: &r\n  - {name: a, allow: {}}", "3:8: an anchor or a tag is not understood; leave it out")]
    [InlineData("version: 1\nceiling: RED\nrules:\n  - !rule {name: a, allow: {}}", "4:5: an anchor or a tag is not understood; leave it out")]
    [InlineData("version: 1\n&k ceiling: RED\nrules:\n  - {name: a, allow: {}}", "2:1: an anchor or a tag is not understood; leave it out")]
    [InlineData("version: 1\nceiling: *c\nrules:\n  - {name: a, allow: {}}", "2:10: an alias is not understood; write the value out")]
    [InlineData("version: 1\nceiling: RED\nrules:\n  - name: |\n      a\n    allow: {}", "4:11: text has to stand on one line")]
    [InlineData("version: 1\nceiling: RED\nrules:\n  - name: >-\n      a\n    allow: {}", "4:11: text has to stand on one line")]
    [InlineData("version: 1\nceiling: RED\nrules:\n  - name: a\n      b\n    allow: {}", "4:11: text has to stand on one line")]
    [InlineData("version: 1\nceiling: RED\nrules:\n  - name: \"a\n      b\"\n    allow: {}", "4:11: text has to stand on one line")]
    [InlineData("? [a]\n: b\n" + Good, "1:3: a key has to be text")]
    [InlineData("? {a: b}\n: b\n" + Good, "1:3: a key has to be text")]
    [InlineData("[[[[[[[[[[[[]]]]]]]]]]]]", "1:11: nested deeper than 10 levels")]
    [InlineData("version: 1\nceiling: [RED\n", "3:1: not YAML: ")]
    [InlineData("version: 1\nceiling: \"RED\n", "2:10: not YAML: ")]
    [InlineData("}", "1:1: not YAML: ")]
    [InlineData("...\n" + Good, "1:1: not YAML: ")]
    [InlineData(Good + "  x\n", "6:3: not YAML: ")]
    [InlineData("version: 1\n\tceiling: RED\n", "1:10: not YAML: ")]
    public void Of_YAML_only_what_a_policy_needs_is_understood(string text, string fault)
    {
        var faults = Policies.FaultsOf(text);
        Assert.True(
            faults.Any(found => found.ToString().StartsWith("policy.yaml:" + fault, StringComparison.Ordinal)),
            string.Join('\n', faults));
    }

    [Theory]
    [InlineData("# hidden\rversion: 1\n", "1:9: the character U+000D")]
    [InlineData("version: 1 # \u202E\n", "1:14: the character U+202E")]
    [InlineData("version: 1\n# \u2028ceiling: RED\n", "2:3: the character U+2028")]
    [InlineData("version: 1\n# \u0085ceiling: RED\n", "2:3: the character U+0085")]
    [InlineData("version: 1\u200B\n", "1:11: the character U+200B")]
    [InlineData("version: 1\0", "1:11: the character U+0000")]
    [InlineData("# \U0001F30D\u0007", "1:5: the character U+0007")]
    [InlineData("version: 1\uFEFF", "1:11: the character U+FEFF")]
    public void Characters_that_show_people_another_policy_than_the_program_reads_are_refused(string text, string fault)
    {
        var faults = Policies.FaultsOf(text);
        Assert.StartsWith("policy.yaml:" + fault, faults[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_character_is_refused() =>
        Assert.Equal(2, Policies.FaultsOf("version: 1 # " + '\uD83C' + " and " + '\uDF0D').Count);

    [Fact]
    public void A_policy_may_be_as_large_as_the_bound_and_no_larger()
    {
        string Padded(int size) => Good + "#" + new string('x', size - Good.Length - 2) + "\n";
        Policies.Compile(Padded(PolicySource.MaxBytes));
        var fault = Assert.Single(Policies.FaultsOf(Padded(PolicySource.MaxBytes + 1)));
        Assert.Equal("policy.yaml:1:1: the policy is larger than 65536 bytes", fault.ToString());
        Assert.Single(Policies.FaultsOf(Good + "#" + new string('é', PolicySource.MaxBytes / 2)));
        Assert.Single(Policies.FaultsOf(new string('x', 50_000_000)));
    }

    [Theory]
    [InlineData("[", 65_000)]
    [InlineData("{", 65_000)]
    [InlineData("{a: ", 16_000)]
    [InlineData("- ", 32_000)]
    [InlineData("? ", 32_000)]
    [InlineData("? a\n", 16_000)]
    [InlineData("a: ", 20_000)]
    [InlineData("&a ", 20_000)]
    [InlineData("!a ", 20_000)]
    [InlineData("\"", 65_000)]
    [InlineData("'", 65_000)]
    [InlineData(" ", 65_000)]
    [InlineData("\n", 65_000)]
    [InlineData("a", 65_000)]
    [InlineData("a\n", 32_000)]
    [InlineData("a, ", 20_000)]
    [InlineData("---\n", 16_000)]
    [InlineData("...\n", 16_000)]
    [InlineData("%A\n", 16_000)]
    [InlineData("- a\n", 16_000)]
    [InlineData("[a]: b\n", 9_000)]
    public void A_policy_made_to_be_costly_is_refused(string piece, int times) =>
        Assert.InRange(Policies.FaultsOf(string.Concat(Enumerable.Repeat(piece, times))).Count, 1, 101);
}
