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

    private static readonly string[] Keys = ["version", "ceiling", "rules"];

    /// <summary>Compiles a policy; the answer is whether there is one, and there is none if there are faults.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="fileName">The name of the file, for messages.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="faults">What is wrong, in the order of the text; empty if nothing is.</param>
    public static bool TryCompile(string yaml, string fileName, [NotNullWhen(true)] out SharingPolicy? policy, out IReadOnlyList<PolicyFault> faults)
    {
        var found = new PolicyFaults(fileName);
        var compiled = Compile(yaml, found);
        faults = found.ToList();
        policy = found.None ? compiled : null;
        return policy is not null;
    }

    private static SharingPolicy? Compile(string yaml, PolicyFaults faults)
    {
        if (PolicySource.Check(yaml, faults) is not { } text || PolicyTree.Read(text, faults) is not { } root)
            return null;
        if (PolicyMapping.Open(root, "a policy", Keys, faults) is not { } document)
            return null;
        CheckVersion(document, faults);
        var ceiling = Marking.Unspecified;
        if (Require(document, "ceiling", faults) is { } node)
            PolicyValues.TryReadWord(node, "marking", Markings.Names, Markings.TryParse, faults, out ceiling);
        var rules = ReadRules(document, faults);
        return faults.None ? new SharingPolicy(ceiling, rules) : null;
    }

    private static void CheckVersion(PolicyMapping document, PolicyFaults faults)
    {
        if (Require(document, "version", faults) is not { Shape: not PolicyNode.NodeShape.Refused } node)
            return;
        if (node is not { IsPlain: true, Text: Version })
            faults.Add(node, $"the version is {node.Describe()}; this program understands version {Version}");
    }

    private static List<SharingRule> ReadRules(PolicyMapping document, PolicyFaults faults)
    {
        var rules = new List<SharingRule>();
        if (Require(document, "rules", faults) is not { Shape: not PolicyNode.NodeShape.Refused } node)
            return rules;
        if (node.Shape != PolicyNode.NodeShape.List || node.Items.Count == 0)
        {
            faults.Add(node, "'rules' has to be a list with at least one rule");
            return rules;
        }
        if (node.Items.Count > MaxRules)
            faults.Add(node.Items[MaxRules], string.Create(CultureInfo.InvariantCulture, $"a policy has at most {MaxRules} rules"));
        var lineByName = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in node.Items.Take(MaxRules))
        {
            if (RuleReader.Read(item, lineByName, faults) is { } rule)
                rules.Add(rule);
        }
        return rules;
    }

    private static PolicyNode? Require(PolicyMapping document, string key, PolicyFaults faults)
    {
        var node = document.Find(key);
        if (node is null)
            faults.Add(document.Node, $"the policy has no '{key}'");
        return node;
    }
}
