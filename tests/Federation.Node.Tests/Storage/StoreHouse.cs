using Federation.Node.Storage;
using Federation.Node.Tests.Cli;
using Xunit;

namespace Federation.Node.Tests.Storage;

/// <summary>A store in a directory that goes with the test, which can be opened again as after a restart.</summary>
internal sealed class StoreHouse : IAsyncDisposable
{
    private readonly TestDirectory directory = new();
    private readonly StoreDriver driver;
    private readonly List<Exception> faults = [];
    private int lives = 1;

    public StoreHouse(StoreDriver driver)
    {
        this.driver = driver;
        Store = driver(directory.Location, "boot-1", faults.Add);
    }

    /// <summary>The store in its present life.</summary>
    public INodeStore Store { get; private set; }

    public string Location => directory.Location;

    /// <summary>What the store gave as the reason for ending the process.</summary>
    public IReadOnlyList<Exception> Faults => faults;

    /// <summary>Closes the store and opens it as the next life of the process.</summary>
    public async Task<INodeStore> ReopenAsync()
    {
        await Store.DisposeAsync();
        return Store = driver(directory.Location, $"boot-{++lives}", faults.Add);
    }

    /// <summary>Whether any file of the store holds these bytes.</summary>
    public bool Holds(ReadOnlySpan<byte> bytes)
    {
        foreach (var file in Directory.EnumerateFiles(directory.Location))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            if (content.AsSpan().IndexOf(bytes) >= 0)
                return true;
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        directory.Dispose();
        Assert.Empty(faults);
    }
}
