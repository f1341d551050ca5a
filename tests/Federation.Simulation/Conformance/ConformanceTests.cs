namespace Federation.Simulation.Conformance;

/// <summary>What the simulated transport does is what Kestrel and Grpc.Net.Client do.</summary>
public sealed class ConformanceTests(SimulatedOutcomes simulated) : IClassFixture<SimulatedOutcomes>
{
    public static TheoryData<string> Names => [.. ConformanceCases.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_simulated_transport_behaves_as_the_real_one(string name)
    {
        await using var server = await KestrelServer.StartAsync(TestContext.Current.CancellationToken);

        var real = await ConformanceCases.All[name](server.Stage).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(real, simulated.Of(name));
    }
}
