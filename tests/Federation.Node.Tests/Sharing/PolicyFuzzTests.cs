using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Federation.Node.Sharing;
using Federation.Protocol.Records;
using Xunit;

namespace Federation.Node.Tests.Sharing;

public sealed partial class PolicyFuzzTests
{
    // No key, no word of a list, and no name, topic, institute, language or moment.
    private const string Strange = "zz!unknown";

    private static readonly string[] Files =
    [
        Policies.ReadFile("deploy/example/policy.yaml"),
        Policies.ReadFile("samples/policies/close-ally.yaml"),
        Policies.ReadFile("samples/policies/new-partner.yaml"),
        Policies.ReadFile("samples/policies/observer.yaml"),
    ];

    // Examples refuse most changes, which is what they are for; here the rules alone are to.
    private static readonly string[] Seeds =
    [
        .. Files.Select(text => text[..(text.IndexOf("\nexamples:", StringComparison.Ordinal) + 1)]),
        "version: 1\nceiling: GREEN\nrules: [{name: a b, allow: {kinds: [flaw]}}, {name: c, deny: {}}]\n",
    ];

    // What could change the meaning of a policy, beside what merely breaks it.
    private static readonly string[] Pieces =
    [
        .. LanguageWords.Keys, .. RecordKinds.Names, .. Markings.Names, "import_source", "link", "incident_cause", "share", "hide", "cyber", "cbrn.*", "1", "2",
        "true", "null", "~", "<<", "*a", "&a", "!t", "!!str", "[", "]", "{", "}", "{}", "[]", ":", ": ", ", ", "- ", "? ", "#", " #", "|", ">", "%", "@", "`",
        "Withhold", "DENY", "Kinds", "green", "Incident", "\"", "'", "\\",
        "\n", "\n  ", "\n    ", "\r\n", "\t", " ", "---\n", "...\n", "\n---\n", "=",
        "x", "unknown_key: 1\n", "\n    unknown: [x]", "\u0085", "\uFEFF", "\0",
    ];

    private static readonly Gen<string> Mutated = Gen.Select(
        Gen.OneOf(Seeds),
        Gen.Select(Gen.Int[0, 5], Gen.Double[0, 1], Gen.Double[0, 1], Gen.OneOf(Pieces)).Array[1, 4],
        (text, edits) =>
        {
            foreach (var (kind, where, length, piece) in edits)
                text = Edit(text, kind, (int)(where * text.Length), (int)(length * 20), piece);
            return text;
        });

    [Fact]
    public void No_text_brings_the_compiler_down() =>
        Gen.OneOf(Gen.OneOf(Pieces).Array[0, 60].Select(string.Concat), Gen.String[0, 200], Gen.String["-?:,[]{}#&*!|>'\"%@` \n\tab1"])
            .Sample(text => { Answers(text); }, iter: 20_000);

    [Fact]
    public void No_bytes_bring_the_compiler_down() =>
        Gen.Byte.Array[0, 300].Select(Encoding.Latin1.GetString).Sample(text => { Answers(text); }, iter: 5_000);

    [Fact]
    public void No_change_to_a_policy_brings_the_compiler_down_or_is_passed_over_in_silence()
    {
        var accepted = 0;
        var changed = 0;
        Mutated.Sample(
            text =>
            {
                if (Answers(text) is not { } policy)
                    return;
                Interlocked.Increment(ref accepted);
                if (policy.ClassHash != Policies.Document(Seeds[0]).ClassHash)
                    Interlocked.Increment(ref changed);
                // A language is the same in capitals.
                var languages = policy.Rules.SelectMany(rule => rule.Conditions.Languages).Select(range => range.ToString());
                Assert.Empty(Words(text).Except(Known(policy), StringComparer.Ordinal).Except(languages, StringComparer.OrdinalIgnoreCase));
            },
            iter: 20_000);
        // Refusing everything would pass for safe.
        Assert.InRange(accepted, 500, 19_000);
        Assert.InRange(changed, 100, 19_000);
    }

    [Fact]
    public void A_policy_with_an_unknown_element_is_never_accepted()
    {
        Assert.All(Files, text => Policies.Document(text));
        Gen.Select(Gen.OneOf(Files), Gen.Int[0, 3], Gen.Double[0, 1]).Sample(
            (text, kind, where) =>
            {
                var body = Comment().Replace(text, "");
                var places = (kind switch { 0 => Token(), 1 => FlowMapping(), 2 => FlowList(), _ => BlockKey() }).Matches(body);
                var place = places[(int)(where * (places.Count - 1))];
                var unknown = kind switch
                {
                    0 => Strange,
                    1 => $"{{{Strange}: x, ",
                    2 => $"[{Strange}, ",
                    _ => $"{place.Value}{Strange}: x\n{Indent(place.Value)}",
                };
                Assert.Null(Answers(string.Concat(body.AsSpan(0, place.Index), unknown, body.AsSpan(place.Index + place.Length))));
            },
            iter: 5_000);
    }

    private static PolicyDocument? Answers(string text)
    {
        var compiled = PolicyCompiler.TryCompile(text, "f.yaml", groups: null, out var policy, out var faults);
        Assert.Equal(compiled, policy is not null);
        Assert.Equal(compiled, faults.Count == 0);
        var lines = text.Split('\n');
        // A parser may point at the end of the line or text, one past the last character.
        Assert.All(faults, fault => Assert.True(
            fault.Line >= 1 && fault.Line <= lines.Length + 1 && fault.Column >= 1
            && fault.Column <= (fault.Line <= lines.Length ? lines[fault.Line - 1].Length : 0) + 2,
            fault.ToString()));
        return policy;
    }

    // Every word of the text outside comments: what a reader would take for a part of the policy.
    private static IEnumerable<string> Words(string text) =>
        Comment().Replace(text.TrimStart('\uFEFF'), "")
            .Split([' ', '\t', '\r', '\n', ',', ':', '[', ']', '{', '}', '\'', '"'], StringSplitOptions.RemoveEmptyEntries)
            .Except(["-", "?", "---", "..."], StringComparer.Ordinal)
            .Where(word => !Time().IsMatch(word));

    private static string Indent(string start) => new(' ', start.Length);

    private static HashSet<string> Known(PolicyDocument policy)
    {
        var known = new HashSet<string>(LanguageWords.All, StringComparer.Ordinal) { "1" };
        foreach (var rule in policy.Rules)
        {
            known.UnionWith(rule.Name.Split(' '));
            known.UnionWith(rule.Conditions.Origins.Concat(rule.Audience.Institutes).Select(institute => institute.ToString()));
            known.UnionWith(rule.Audience.Groups);
            known.UnionWith(rule.Conditions.Topics.Concat(rule.Conditions.WithoutTopics).Select(topic => topic.ToString()));
        }
        return known;
    }

    private static string Edit(string text, int kind, int at, int length, string piece)
    {
        at = Math.Min(at, text.Length);
        length = Math.Min(length, text.Length - at);
        return kind switch
        {
            0 => text.Insert(at, piece),
            1 => text.Remove(at, length),
            2 => text.Insert(at, text.Substring(at, length)),
            3 => string.Concat(text.AsSpan(0, at), piece, text.AsSpan(at + length)),
            // At the start of a line, where a change is most likely to be understood.
            4 => text.Insert(text.IndexOf('\n', at) + 1, "  " + piece + "\n"),
            _ => ReplaceWord(text, at, piece),
        };
    }

    private static string ReplaceWord(string text, int at, string piece)
    {
        var word = Word().Match(text, at);
        return word.Success ? string.Concat(text.AsSpan(0, word.Index), piece, text.AsSpan(word.Index + word.Length)) : text;
    }

    [GeneratedRegex(@"(?<=^|[\s])#[^\n]*", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"[A-Za-z_]+")]
    private static partial Regex Word();

    // Days, the pieces of times between colons, and durations.
    [GeneratedRegex(@"\A(?:\d{4}-\d\d-\d\d(?:T\d\d)?|\d\dZ?|\d+[dh])\z")]
    private static partial Regex Time();

    [GeneratedRegex(@"[A-Za-z0-9_.*+:-]*[A-Za-z0-9*]")]
    private static partial Regex Token();

    [GeneratedRegex(@"\{")]
    private static partial Regex FlowMapping();

    [GeneratedRegex(@"\[")]
    private static partial Regex FlowList();

    [GeneratedRegex(@"^ *(?:- )?(?=[a-z_]+:)", RegexOptions.Multiline)]
    private static partial Regex BlockKey();
}
