using Federation.Simulation.Network;
using Federation.Simulation.Probe.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Federation.Simulation.Scenarios.Probe;

/// <summary>Serves a node's own log to its peers.</summary>
internal sealed class ProbeEndpoint(ProbeLog log, Action<string> complain) : ProbeService.ProbeServiceBase
{
    public override async Task<GetHeadResponse> GetHead(GetHeadRequest request, ServerCallContext context)
    {
        await Task.Yield();
        if (!context.UserState.TryGetValue(ListenOptions.CallerKey, out var caller) || context.Peer != $"sim:{caller}")
            complain($"{context.Peer} calls as {caller}");
        return new GetHeadResponse { Count = log.Count };
    }

    public override async Task Follow(FollowRequest request, IServerStreamWriter<FollowResponse> responseStream, ServerCallContext context)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.From, log.Count);
        for (var position = request.From; ; position++)
        {
            var content = await log.ReadAsync((int)position, context.CancellationToken);
            await responseStream.WriteAsync(new FollowResponse { Position = position, Content = ByteString.CopyFrom(content) }, context.CancellationToken);
        }
    }
}
