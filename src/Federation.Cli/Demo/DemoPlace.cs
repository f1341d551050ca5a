namespace Federation.Cli.Demo;

/// <summary>Where a demo's files are: a temporary directory that goes with it unless it failed, or one that was named and stays.</summary>
internal sealed class DemoPlace : IDisposable
{
    private bool _isTemporary;

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

    /// <summary>Leaves the files where they are, for whoever looks for the cause of a failure.</summary>
    public void Keep() => _isTemporary = false;

    public void Dispose()
    {
        if (_isTemporary)
            Directory.Delete(Location, recursive: true);
    }
}
