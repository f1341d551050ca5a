namespace Federation.Node.Operations;

/// <summary>Keeps a second process off a data directory: two writers on one store would each believe to be alone.</summary>
internal sealed class DataLock : IDisposable
{
    private readonly FileStream file;

    private DataLock(FileStream file) => this.file = file;

    /// <summary>Takes the directory; an <see cref="IOException"/> says that another process has it. The lock ends with the process, however it ends.</summary>
    public static DataLock Take(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "node.lock");
        try
        {
            return new DataLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException taken)
        {
            throw new IOException($"{dataDirectory}: another node is running on this data directory ({path} is locked)", taken);
        }
    }

    public void Dispose() => file.Dispose();
}
