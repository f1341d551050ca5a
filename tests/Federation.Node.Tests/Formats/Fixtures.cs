using Federation.Formats;
using Federation.V1.Node;
using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Formats;

/// <summary>
/// The sets of real files, which lie in `shared/fixtures` beside the repository and are not part of it. Without them a test is skipped
/// and says so; where the environment says CI=true it fails, so that their absence can't hide.
/// </summary>
internal static class Fixtures
{
    internal static readonly ImportHandling Handling = new(Marking.Amber, ["fr", "jp"], ["cyber"]);

    /// <summary>The sets by format, with the number of their files and of the schemas among them.</summary>
    internal static readonly IReadOnlyList<(string Format, string Folder, int Files, int Schemas)> Sets =
        [("avid", "avid", 70, 0), ("eee", "eee", 86, 2), ("osv", "advisories", 25, 1)];

    internal static IEnumerable<FixtureFile> All() => Sets.SelectMany(set => Of(set.Format));

    internal static IReadOnlyList<FixtureFile> Of(string format)
    {
        var folder = Path.Combine(Root(), Sets.Single(set => set.Format == format).Folder);
        var paths = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        return [.. paths.Select(path => new FixtureFile(format, Path.GetRelativePath(folder, path).Replace('\\', '/'), File.ReadAllBytes(path)))];
    }

    internal static RecordDraft Draft(string format, string pathInSet) => Of(format).Single(file => file.Path == pathInSet).Draft();

    private static string Root()
    {
        var repository = new DirectoryInfo(AppContext.BaseDirectory);
        while (repository is not null && !File.Exists(Path.Combine(repository.FullName, "global.json")))
            repository = repository.Parent;
        var fixtures = Path.GetFullPath(Path.Combine(repository?.FullName ?? ".", "..", "shared", "fixtures"));
        if (Directory.Exists(fixtures))
            return fixtures;
        var message = $"the fixtures are absent: {fixtures} does not exist";
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(message);
        Assert.Skip(message);
        return fixtures;
    }
}
