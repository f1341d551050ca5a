using Federation.Simulation.Probe.V1;
using Grpc.Core;

namespace Federation.Simulation.Conformance;

/// <summary>One client and one server, joined by the transport under test; each case gets its own.</summary>
internal sealed record ConformanceStage(CallInvoker Server, CallInvoker Nowhere, TimeProvider Time, Sightings Seen)
{
    public BehaviourService.BehaviourServiceClient Client { get; } = new(Server);

    public AbsentService.AbsentServiceClient Absent { get; } = new(Server);

    public AbsentService.AbsentServiceClient Unreachable { get; } = new(Nowhere);

    public DateTime In(TimeSpan limit) => (Time.GetUtcNow() + limit).UtcDateTime;

    public Task PauseAsync(int milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), Time);

    /// <summary>Waits for the server's first notes and returns them.</summary>
    public async Task<string> SeenAsync(int count)
    {
        for (var round = 0; round < 500 && Seen.All().Length < count; round++)
            await PauseAsync(10);
        return string.Join(" + ", Seen.All().Take(count));
    }
}
