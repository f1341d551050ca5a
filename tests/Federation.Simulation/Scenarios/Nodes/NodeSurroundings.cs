using Federation.Node.Storage;
using Federation.Protocol.Records;
using Federation.Simulation.Network;
using Federation.Simulation.World;
using Grpc.Core.Interceptors;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>What the simulated institutes of one run have around them.</summary>
internal sealed class NodeSurroundings
{
    public required SimWorld World { get; init; }

    public required SimNetwork Network { get; init; }

    /// <summary>What batches are held against as they leave; null where no model knows what the nodes know.</summary>
    public required ReferenceModel? Model { get; init; }

    public required StoreWeather Weather { get; init; }

    public required HeadWitness Heads { get; init; }

    public required IDiskAudit Audit { get; init; }

    /// <summary>Whether an operator vouches for each node's clock at each start; else partners have to.</summary>
    public bool ClocksAreConfirmed { get; init; } = true;

    /// <summary>Puts a planted bug in front of a store, if the run has one.</summary>
    public required Func<INodeStore, NodeLife, INodeStore> Spoil { get; init; }

    /// <summary>Puts a planted bug around what a node answers to partners, if the run has one.</summary>
    public Func<SimulatedInstitute, Interceptor>? SpoilAnswers { get; init; }

    public SimNode NodeOf(InstituteId institute) => World.Nodes.First(node => node.Name == institute.ToString());
}
