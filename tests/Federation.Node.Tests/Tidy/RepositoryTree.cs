namespace Federation.Node.Tests.Tidy;

/// <summary>The files of the repository that the tests run in, without what a build or an install leaves there.</summary>
internal static class RepositoryTree
{
    private static readonly string[] Skipped = [".git", "artifacts", "bin", "obj", "node_modules", "TestResults", ".vs", ".idea"];

    /// <summary>The repository's directory.</summary>
    public static string Location { get; } = Find();

    /// <summary>Every C# file below a folder.</summary>
    public static IReadOnlyList<SourceFile> CSharp(string folder) => [.. Files(folder, ".cs").Select(SourceFile.Read)];

    /// <summary>The paths of the files below a folder, from the repository's directory, with slashes, in order.</summary>
    public static IReadOnlyList<string> Files(string folder, string ending = "")
    {
        var paths = Walk(new DirectoryInfo(Path.Combine(Location, folder)))
            .Select(f => Path.GetRelativePath(Location, f.FullName).Replace('\\', '/'))
            .Where(p => p.EndsWith(ending, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        return [.. paths];
    }

    /// <summary>The text of a file.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Location, path));

    private static IEnumerable<FileInfo> Walk(DirectoryInfo directory) =>
        // The .git of a work tree is a file.
        directory.EnumerateFiles().Where(f => !Skipped.Contains(f.Name)).Concat(directory.EnumerateDirectories().Where(d => !Skipped.Contains(d.Name)).SelectMany(Walk));

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Federation.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("the tests do not run inside their repository");
    }
}
