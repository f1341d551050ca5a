namespace Federation.Node.Tests.Sharing;

/// <summary>A policy as its author thinks of it, for tests that generate policies.</summary>
internal sealed record PolicyWords(string Ceiling, RuleWords[] Rules)
{
    public string ToYaml() => $"version: 1\nceiling: {Ceiling}\nrules:\n{string.Concat(Rules.Select(rule => rule.ToYaml()))}";

    public override string ToString() => ToYaml();
}
