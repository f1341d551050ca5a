using Federation.Node.Storage;
using Federation.Protocol.Records;
using Federation.Simulation.Network;
using Federation.Simulation.World;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>What the simulated institutes of one run have around them.</summary>
internal sealed class NodeSurroundings
{
    public required SimWorld World { get; init; }

    public required SimNetwork Network { get; init; }

    public required ReferenceModel Model { get; init; }

    public required StoreWeather Weather { get; init; }

    public required HeadWitness Heads { get; init; }

    public required StoreAudit Audit { get; init; }

    /// <summary>Whether an operator vouches for each node's clock at each start; else partners have to.</summary>
    public bool ClocksAreConfirmed { get; init; } = true;

    /// <summary>Puts a planted bug in front of a store, if the run has one.</summary>
    public required Func<INodeStore, NodeLife, INodeStore> Spoil { get; init; }

    public SimNode NodeOf(InstituteId institute) => World.Nodes.First(node => node.Name == institute.ToString());
}
