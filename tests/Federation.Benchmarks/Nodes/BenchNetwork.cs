using System.Globalization;

namespace Federation.Benchmarks.Nodes;

/// <summary>An origin and its partners, each a process with a database of its own in a directory that goes when this is disposed.</summary>
internal sealed class BenchNetwork : IAsyncDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("federation-bench-");
    private readonly List<BenchNode> partners = [];

    private BenchNetwork()
    {
    }

    public BenchNode Origin { get; private set; } = null!;

    public IReadOnlyList<BenchNode> Partners => partners;

    public BenchNode Partner => partners[0];

    public static async Task<BenchNetwork> StartAsync(int partnerCount, CancellationToken cancellationToken)
    {
        var network = new BenchNetwork();
        try
        {
            network.Origin = await BenchNode.StartAsync(network.directory.FullName, "origin", cancellationToken);
            for (var i = 1; i <= partnerCount; i++)
                network.partners.Add(await BenchNode.StartAsync(network.directory.FullName, string.Create(CultureInfo.InvariantCulture, $"partner{i}"), cancellationToken));
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var partner in partners)
            await partner.DisposeAsync();
        if (Origin is not null)
            await Origin.DisposeAsync();
        directory.Delete(recursive: true);
    }
}
