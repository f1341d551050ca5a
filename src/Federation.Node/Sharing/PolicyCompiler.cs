using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>Turns a policy's text into a policy, or says everything that is wrong with it. What is not understood is refused.</summary>
internal static class PolicyCompiler
{
    /// <summary>The most rules of a policy.</summary>
    public const int MaxRules = 256;

    private const string Version = "1";

    private static readonly string[] Keys = ["version", "ceiling", "rules", "examples"];

    /// <summary>Compiles a policy and runs its examples; the answer is whether there is a policy, and there is none if there are faults.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="fileName">The name of the file, for messages.</param>
    /// <param name="groups">The names of the groups that exist; null for a policy that was accepted before, whose groups may be gone.</param>
    /// <param name="document">The policy.</param>
    /// <param name="faults">What is wrong, in the order of the text; empty if nothing is.</param>
    public static bool TryCompile(
        string yaml,
        string fileName,
        IReadOnlySet<string>? groups,
        [NotNullWhen(true)] out PolicyDocument? document,
        out IReadOnlyList<PolicyFault> faults)
    {
        var found = new PolicyFaults(fileName);
        var compiled = Compile(yaml, groups, found);
        faults = found.ToList();
        document = found.None ? compiled : null;
        return document is not null;
    }

    private static PolicyDocument? Compile(string yaml, IReadOnlySet<string>? groups, PolicyFaults faults)
    {
        if (PolicySource.Check(yaml, faults) is not { } text || PolicyTree.Read(text, faults) is not { } root)
            return null;
        if (PolicyMapping.Open(root, "a policy", Keys, faults) is not { } policy)
            return null;
        CheckVersion(policy, faults);
        var ceiling = Marking.Unspecified;
        if (Require(policy, "ceiling", faults) is { } node)
            PolicyValues.TryReadWord(node, "marking", Markings.Names, Markings.TryParse, faults, out ceiling);
        var audiences = new AudienceReader(groups, faults);
        var rules = ReadRules(policy, new RuleReader(ceiling, audiences, faults), faults);
        var examples = ReadExamples(policy.Find("examples"), new ExampleReader(audiences, faults), faults);
        if (!faults.None)
            return null;
        RuleReader.CheckReach(rules, policy.Find("rules")!.Items, faults);
        var document = new PolicyDocument(ceiling, rules, examples.Count);
        foreach (var example in examples)
        {
            if (example.Run(document) is { } instead)
                faults.Add(example.Node, $"the example '{example.Name}' fails: {instead}");
        }
        return document;
    }

    private static void CheckVersion(PolicyMapping document, PolicyFaults faults)
    {
        if (Require(document, "version", faults) is not { Shape: not PolicyNode.NodeShape.Refused } node)
            return;
        if (node is not { IsPlain: true, Text: Version })
            faults.Add(node, $"the version is {node.Describe()}; this program understands version {Version}");
    }

    private static List<SharingRule> ReadRules(PolicyMapping document, RuleReader reader, PolicyFaults faults)
    {
        if (Require(document, "rules", faults) is not { Shape: not PolicyNode.NodeShape.Refused } node)
            return [];
        if (node.Shape == PolicyNode.NodeShape.List && node.Items.Count > 0)
            return [.. Take(node, MaxRules, "rules", faults).Select(reader.Read).OfType<SharingRule>()];
        faults.Add(node, "'rules' has to be a list with at least one rule");
        return [];
    }

    private static List<PolicyExample> ReadExamples(PolicyNode? node, ExampleReader reader, PolicyFaults faults)
    {
        if (node is null or { Shape: PolicyNode.NodeShape.Refused })
            return [];
        if (node.Shape == PolicyNode.NodeShape.List && node.Items.Count > 0)
            return [.. Take(node, ExampleReader.MaxExamples, "examples", faults).Select(reader.Read).OfType<PolicyExample>()];
        faults.Add(node, "'examples' has to be a list with at least one example; leave the key out if there is none");
        return [];
    }

    private static IEnumerable<PolicyNode> Take(PolicyNode list, int most, string what, PolicyFaults faults)
    {
        if (list.Items.Count > most)
            faults.Add(list.Items[most], string.Create(CultureInfo.InvariantCulture, $"a policy has at most {most} {what}"));
        return list.Items.Take(most);
    }

    private static PolicyNode? Require(PolicyMapping document, string key, PolicyFaults faults)
    {
        var node = document.Find(key);
        if (node is null)
            faults.Add(document.Node, $"the policy has no '{key}'");
        return node;
    }
}
