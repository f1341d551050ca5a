using Federation.Node.Sharing;
using Xunit;

namespace Federation.Node.Tests.Sharing;

/// <summary>Compiles policies that a test knows to be right, and finds the files of the repository.</summary>
internal static class Policies
{
    public static SharingPolicy Of(string rules, string ceiling = "AMBER") =>
        Compile($"version: 1\nceiling: {ceiling}\nrules:\n{rules}\n");

    public static SharingPolicy AllowAll(string ceiling = "AMBER") => Of("  - {name: all, allow: {}}", ceiling);

    public static SharingPolicy Compile(string yaml)
    {
        Assert.True(PolicyCompiler.TryCompile(yaml, "policy.yaml", out var policy, out var faults), string.Join('\n', faults));
        Assert.Empty(faults);
        return policy;
    }

    public static IReadOnlyList<PolicyFault> FaultsOf(string yaml)
    {
        Assert.False(PolicyCompiler.TryCompile(yaml, "policy.yaml", out var policy, out var faults));
        Assert.Null(policy);
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
