using System.Threading.Channels;
using Federation.Simulation.Probe.V1;
using Federation.Simulation.World;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Polly;
using Polly.Retry;

namespace Federation.Simulation.Scenarios.Probe;

/// <summary>Copies one peer's log: a stream from the stored cursor on, a bounded channel, and retries around the whole attempt.</summary>
internal sealed class ProbeFollower(NodeLife life, ProbeService.ProbeServiceClient client, SimNode peer, List<byte[]> copy) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = life.Time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(200),
                MaxDelay = TimeSpan.FromSeconds(10),
                UseJitter = true,
                Randomizer = life.Random.NextDouble,
                ShouldHandle = new PredicateBuilder().Handle<RpcException>(),
            })
            .Build();
        while (true)
            await pipeline.ExecuteAsync(FollowAsync, stoppingToken);
    }

    private async ValueTask FollowAsync(CancellationToken cancellationToken)
    {
        var head = await client.GetHeadAsync(new GetHeadRequest(), deadline: In(TimeSpan.FromSeconds(3)), cancellationToken: cancellationToken);
        if (head.Count < copy.Count)
            life.World.Fail($"{life} has {copy.Count} entries of {peer}, which has {head.Count}");
        var channel = Channel.CreateBounded<FollowResponse>(4);
        await Task.WhenAll(ReceiveAsync(channel.Writer, cancellationToken), ApplyAsync(channel.Reader, cancellationToken));
    }

    private async Task ReceiveAsync(ChannelWriter<FollowResponse> writer, CancellationToken cancellationToken)
    {
        try
        {
            var deadline = In(TimeSpan.FromSeconds(life.Random.Next(10, 120)));
            using var call = client.Follow(new FollowRequest { From = copy.Count }, deadline: deadline, cancellationToken: cancellationToken);
            await foreach (var entry in call.ResponseStream.ReadAllAsync(cancellationToken))
                await writer.WriteAsync(entry, cancellationToken);
        }
        finally
        {
            writer.Complete();
        }
    }

    private async Task ApplyAsync(ChannelReader<FollowResponse> reader, CancellationToken cancellationToken)
    {
        await foreach (var entry in reader.ReadAllAsync(cancellationToken))
        {
            if (entry.Position != copy.Count)
                life.World.Fail($"{life} received entry {entry.Position} of {peer} where {copy.Count} was due");
            await Task.Yield();
            copy.Add(entry.Content.ToByteArray());
            await Task.Yield();
        }
    }

    private DateTime In(TimeSpan limit) => (life.Time.GetUtcNow() + limit).UtcDateTime;
}
