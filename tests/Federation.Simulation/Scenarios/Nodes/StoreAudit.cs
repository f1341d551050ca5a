using Federation.Protocol.Records;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>Recomputes, from the stored rows alone, what the nodes claim; at every start of a node and every now and then.</summary>
internal sealed class StoreAudit(Action<string> fail, HeadWitness heads) : IDiskAudit
{
    private readonly OutboundAudit _outbound = new(fail, heads);
    private readonly InboundAudit _inbound = new(fail);

    public int Looks { get; private set; }

    public void Look(SimulatedInstitute institute)
    {
        Looks++;
        var partners = institute.Disk.Partners();
        foreach (var partner in partners)
            _outbound.Look(institute, partner);
        foreach (var origin in partners)
            _inbound.Look(institute, origin, _outbound.LeavesOf(origin.Institute, institute.Id));
    }

    /// <summary>The hashes of one ledger's leaves as of the last look.</summary>
    public IReadOnlyList<Digest> LeavesOf(InstituteId origin, InstituteId partner) => _outbound.LeavesOf(origin, partner);
}
