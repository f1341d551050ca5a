namespace Federation.Node.Tests.Cli;

/// <summary>A directory that goes with the test.</summary>
internal sealed class TestDirectory : IDisposable
{
    public string Location { get; } = Directory.CreateTempSubdirectory("federation-test-").FullName;

    public string Inside(string relative) => Path.Combine(Location, relative);

    /// <summary>A file's permissions in octal.</summary>
    public static string ModeOf(string file) => OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(file), 8);

    public string Read(string relative) => File.ReadAllText(Inside(relative));

    public byte[] ReadBytes(string relative) => File.ReadAllBytes(Inside(relative));

    public string Write(string relative, string text)
    {
        File.WriteAllText(Inside(relative), text);
        return Inside(relative);
    }

    public void Dispose() => Directory.Delete(Location, recursive: true);
}
