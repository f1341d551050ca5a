using Federation.Simulation.Network;
using Federation.Simulation.World;
using Grpc.Core;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>Everything that calls of the observed partner return, as bytes on the wire, in virtual time.</summary>
internal sealed class WireRecording(SimWorld world) : WireTap
{
    private readonly Dictionary<long, RecordedCall> _calls = [];

    public IReadOnlyCollection<RecordedCall> Calls => _calls.Values;

    public override void Opened(SimCall call, byte[] request)
    {
        if (call.Route.Client.Node.Name == PairedScenario.Observed)
            _calls.Add(call.Id, new RecordedCall(world.Now, call.MethodName, request));
    }

    public override void Headers(SimCall call, Metadata headers) => Find(call)?.AddMetadata(world.Now, "header", headers);

    public override void Message(SimCall call, byte[] payload) => Find(call)?.AddMessage(world.Now, payload);

    public override void Ended(SimCall call, Status status, Metadata trailers)
    {
        Find(call)?.AddText(world.Now, "end", $"{status.StatusCode} {status.Detail}");
        Find(call)?.AddMetadata(world.Now, "trailer", trailers);
    }

    public override void Finished(SimCall call, Status status, Metadata? trailers)
    {
        Find(call)?.AddText(world.Now, "outcome", $"{status.StatusCode} {status.Detail}");
        if (trailers is not null)
            Find(call)?.AddMetadata(world.Now, "outcome's trailer", trailers);
    }

    /// <summary>The first difference to another world's recording; null if there is none.</summary>
    public string? DifferenceTo(WireRecording other)
    {
        var (one, two) = (InOrder(), other.InOrder());
        for (var index = 0; index < Math.Min(one.Count, two.Count); index++)
        {
            if (one[index].DifferenceTo(two[index]) is { } difference)
                return difference;
        }

        return one.Count == two.Count ? null : $"{one.Count} calls here, {two.Count} there";
    }

    private RecordedCall? Find(SimCall call) => _calls.GetValueOrDefault(call.Id);

    private List<RecordedCall> InOrder() => [.. _calls.Values.OrderBy(static call => call.At).ThenBy(static call => call.Method, StringComparer.Ordinal)];
}
