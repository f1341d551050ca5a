using Federation.Node.Storage;
using Federation.Simulation.Scenarios.Nodes;

namespace Federation.Simulation.Scenarios.Embargo;

/// <summary>Tells a partner's store apart only by what it says after each batch that it has applied.</summary>
internal sealed class ReleaseWitness(INodeStore inner, Action applied) : StoreDecorator(inner)
{
    public override async Task<ApplyOutcome> ApplyBatchAsync(FollowerBatch batch, CancellationToken cancellationToken)
    {
        var outcome = await base.ApplyBatchAsync(batch, cancellationToken);
        applied();
        return outcome;
    }
}
