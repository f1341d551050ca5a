using Federation.Node.Sharing;
using Xunit;

namespace Federation.Node.Tests.Sharing;

/// <summary>Compiles policies that a test knows to be right, and finds the files of the repository.</summary>
internal static class Policies
{
    public static SharingPolicy Of(string rules, string ceiling = "AMBER") =>
        Compile($"version: 1\nceiling: {ceiling}\nrules:\n{rules}\n");

    public static SharingPolicy AllowAll(string ceiling = "AMBER") => Of("  - {name: all, allow: {}}", ceiling);

    /// <summary>The policy for an institute that no group has as a member and no audience names.</summary>
    public static SharingPolicy Compile(string yaml) => Document(yaml).For(Facts.ForKr);

    public static PolicyDocument Document(string yaml)
    {
        Assert.True(PolicyCompiler.TryCompile(yaml, "policy.yaml", groups: null, out var document, out var faults), string.Join('\n', faults));
        Assert.Empty(faults);
        return document;
    }

    public static IReadOnlyList<PolicyFault> FaultsOf(string yaml, params string[] groups)
    {
        Assert.False(PolicyCompiler.TryCompile(yaml, "policy.yaml", groups.ToHashSet(StringComparer.Ordinal), out var document, out var faults));
        Assert.Null(document);
        Assert.NotEmpty(faults);
        return faults;
    }

    public static string ReadFile(string path)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "global.json")))
            directory = directory.Parent;
        Assert.NotNull(directory);
        return File.ReadAllText(Path.Combine(directory.FullName, path));
    }
}
