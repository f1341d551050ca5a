using System.Text.RegularExpressions;

namespace Federation.Node.Tests.Sharing;

/// <summary>Every policy that the repository shows to people: files, and the blocks of the page.</summary>
internal static class PolicyTexts
{
    private static readonly string[] Files =
        ["deploy/example/policy.yaml", "samples/policies/close-ally.yaml", "samples/policies/new-partner.yaml", "samples/policies/observer.yaml"];

    public static IReadOnlyList<string> All() => [.. Files.Select(Policies.ReadFile), .. Blocks()];

    /// <summary>The blocks of POLICIES.md.</summary>
    public static IReadOnlyList<string> Blocks() =>
        [.. Regex.Matches(Policies.ReadFile("POLICIES.md"), "(?ms)^```yaml\n(.*?)^```").Select(match => match.Groups[1].Value)];
}
