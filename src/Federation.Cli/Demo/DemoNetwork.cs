using Federation.Cli.Connection;
using Federation.Cli.Setup;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Grpc.Core;

namespace Federation.Cli.Demo;

/// <summary>The institutes of the demo. Disposing ends every process that was started, also one whose start failed.</summary>
internal sealed class DemoNetwork(string location, TimeProvider clock) : IAsyncDisposable
{
    private readonly List<NodeProcess> _processes = [];
    private DemoInstitute[] _institutes = [];

    public string Location { get; } = location;

    public IReadOnlyList<DemoInstitute> Institutes => _institutes;

    /// <summary>Every ordered pair of institutes.</summary>
    public IEnumerable<(DemoInstitute From, DemoInstitute To)> Pairs =>
        from first in _institutes from second in _institutes where first != second select (first, second);

    /// <summary>Makes the directories and starts the processes, as many at a time as there are processors.</summary>
    public async Task StartAsync(IReadOnlyList<(string Id, string Name)> institutes, CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(Math.Max(2, Environment.ProcessorCount));
        _institutes = await Task.WhenAll(institutes.Select(async institute =>
        {
            await slots.WaitAsync(cancellationToken);
            try
            {
                return await StartAsync(institute.Id, institute.Name, cancellationToken);
            }
            finally
            {
                slots.Release();
            }
        }));
    }

    public Task ForEachAsync(Func<DemoInstitute, Task> work) => Task.WhenAll(_institutes.Select(work));

    public async ValueTask DisposeAsync()
    {
        foreach (var institute in _institutes)
            institute.Node.Dispose();
        List<NodeProcess> processes;
        lock (_processes)
            processes = [.. _processes];
        await Task.WhenAll(processes.Select(process => process.DisposeAsync().AsTask()));
    }

    private async Task<DemoInstitute> StartAsync(string id, string name, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Location, id);
        var plan = new InstitutePlan { Location = path, Institute = InstituteId.Parse(id), DisplayName = name, PartnerPort = 0, OwnPort = 0 };
        var card = InstituteSetup.Create(plan, clock);
        cancellationToken.ThrowIfCancellationRequested();
        var process = NodeProcess.Start(NodeDirectory.Open(path), DemoInstitute.LogFileIn(path), clock);
        lock (_processes)
            _processes.Add(process);
        var addresses = await process.WaitUntilListeningAsync(cancellationToken);
        // The node was told no address to advertise, since its port is chosen only now.
        card.Addresses.Clear();
        card.Addresses.Add(addresses.Partner);
        var connection = NodeConnection.Open(process.Directory, null, clock);
        await WaitUntilAnsweringAsync(connection, process, cancellationToken);
        return new DemoInstitute(process, connection, addresses, card, PartnerCards.Fingerprint(card));
    }

    private async Task WaitUntilAnsweringAsync(NodeConnection node, NodeProcess process, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await node.Operator.GetNodeAsync(new GetNodeRequest(), node.Unary(cancellationToken));
                return;
            }
            catch (RpcException refusal) when (refusal.StatusCode == StatusCode.Unavailable && !process.HasExited && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), clock, cancellationToken);
            }
        }
    }
}
