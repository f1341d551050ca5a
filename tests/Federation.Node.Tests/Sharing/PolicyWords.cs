using Federation.Node.Sharing;
using Xunit;

namespace Federation.Node.Tests.Sharing;

/// <summary>A policy as its author thinks of it, for tests that generate policies.</summary>
internal sealed record PolicyWords(string Ceiling, RuleWords[] Rules)
{
    public string ToYaml() => $"version: 1\nceiling: {Ceiling}\nrules:\n{string.Concat(Rules.Select(rule => rule.ToYaml()))}";

    /// <summary>Compiles it; null for a policy with a rule that says nothing, which chance makes and the compiler refuses.</summary>
    public PolicyDocument? Compile()
    {
        if (PolicyCompiler.TryCompile(ToYaml(), "policy.yaml", groups: null, out var document, out var faults))
            return document;
        Assert.All(faults, fault => Assert.Matches("allows nothing|matches nothing|a part is marked at least as its record", fault.Message));
        return null;
    }

    public override string ToString() => ToYaml();
}
