using Federation.Simulation.World;
using Microsoft.Extensions.Hosting;

namespace Federation.Simulation.Scenarios.Probe;

/// <summary>Lets a node's own log grow, several appends at a time.</summary>
internal sealed class ProbeWriter(NodeLife life, ProbeLog log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(life.Random.Next(1, 12_000)), life.Time, stoppingToken);
            var burst = Enumerable.Range(0, life.Random.Next(1, 4))
                .Select(_ => log.AppendAsync(life.SecureBytes.Take(life.Random.Next(16, 600)), stoppingToken));
            await Task.WhenAll(burst);
        }
    }
}
