namespace Federation.Cli.Demo;

/// <summary>Where a demo's files are: a temporary directory that goes with it, or one that was named and stays.</summary>
internal sealed class DemoPlace : IDisposable
{
    private readonly bool _isTemporary;

    private DemoPlace(string location, bool isTemporary)
    {
        Location = location;
        _isTemporary = isTemporary;
    }

    public string Location { get; }

    public static DemoPlace Open(string? named)
    {
        if (named is null)
            return new DemoPlace(Directory.CreateTempSubdirectory("federation-demo-").FullName, true);
        var path = Path.GetFullPath(named);
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw CommandFailureException.Usage($"{path} is not empty. Nothing was changed.");
        Directory.CreateDirectory(path);
        return new DemoPlace(path, false);
    }

    public void Dispose()
    {
        if (_isTemporary)
            Directory.Delete(Location, recursive: true);
    }
}
