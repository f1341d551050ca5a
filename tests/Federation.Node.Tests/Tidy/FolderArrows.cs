using System.Text.RegularExpressions;

namespace Federation.Node.Tests.Tidy;

/// <summary>Which folder of the node uses which other, by using lines and by names written with their folder.</summary>
internal sealed partial class FolderArrows
{
    private const string Root = "src/Federation.Node/";

    private readonly Dictionary<string, HashSet<string>> typesByFolder;

    public FolderArrows(IReadOnlyList<SourceFile> files)
    {
        typesByFolder = files.Where(f => FolderOf(f).Length > 0)
            .GroupBy(FolderOf, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.SelectMany(f => f.Types).Select(t => t.Name).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        RootTypes = files.Where(f => FolderOf(f).Length == 0).SelectMany(f => f.Types).Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The folders.</summary>
    public IEnumerable<string> Folders => typesByFolder.Keys.Order(StringComparer.Ordinal);

    /// <summary>The types beside the folders: options and the composition root.</summary>
    public IReadOnlySet<string> RootTypes { get; }

    /// <summary>The folder of a file; empty for the files beside the folders.</summary>
    public static string FolderOf(SourceFile file)
    {
        var path = file.Path.StartsWith(Root, StringComparison.Ordinal) ? file.Path[Root.Length..] : "";
        return path.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 ? path[..slash] : "";
    }

    /// <summary>The folders that a file uses, without its own.</summary>
    public IReadOnlySet<string> UsedBy(SourceFile file)
    {
        var used = new SortedSet<string>(StringComparer.Ordinal);
        foreach (Match line in Using().Matches(file.Code))
            used.Add(line.Groups["folder"].Value);
        foreach (Match name in Qualified().Matches(file.Code))
        {
            if (typesByFolder.TryGetValue(name.Groups["folder"].Value, out var types) && types.Contains(name.Groups["type"].Value))
                used.Add(name.Groups["folder"].Value);
        }

        used.Remove(FolderOf(file));
        return used;
    }

    /// <summary>The types of the node's root that a file names.</summary>
    public IEnumerable<string> RootTypesIn(SourceFile file) => Word().Matches(file.Code).Select(m => m.Value).Where(RootTypes.Contains).Distinct();

    [GeneratedRegex(@"using\s+(?:static\s+|\w+\s*=\s*)?(?:global::)?Federation\.Node\.(?<folder>\w+)")]
    private static partial Regex Using();

    // `Storage.RecordShape` and `Node.Storage.RecordShape` name a folder; `head.Storage.X` and `Protocol.Records.Digest` do not.
    [GeneratedRegex(@"(?<![\w.])(?:(?:global::)?(?:Federation\.)?Node\.)?(?<folder>[A-Z]\w*)\.(?:Sqlite\.|Postgres\.)?(?<type>[A-Z]\w*)")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*")]
    private static partial Regex Word();
}
