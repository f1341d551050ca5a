using Federation.Protocol.Records;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>Recomputes, from the stored rows alone, what the nodes claim; at every start of a node and every now and then.</summary>
internal sealed class StoreAudit(Action<string> fail, HeadWitness heads)
{
    private readonly OutboundAudit _outbound = new(fail, heads);
    private readonly InboundAudit _inbound = new(fail);

    public int Looks { get; private set; }

    /// <summary>Audits one node's disk, whether the node runs or not.</summary>
    public void Look(SimulatedInstitute institute)
    {
        Looks++;
        foreach (var partner in Partners(institute.Disk))
            _outbound.Look(institute, partner);
        foreach (var origin in Partners(institute.Disk))
            _inbound.Look(institute, origin, _outbound.LeavesOf(origin.Institute, institute.Id));
    }

    /// <summary>The hashes of one ledger's leaves as of the last look.</summary>
    public IReadOnlyList<Digest> LeavesOf(InstituteId origin, InstituteId partner) => _outbound.LeavesOf(origin, partner);

    private static List<(int Number, InstituteId Institute)> Partners(NodeDisk disk)
    {
        using var rows = disk.Session.Use("SELECT p, iid FROM partner ORDER BY p");
        var partners = new List<(int, InstituteId)>();
        while (rows.Step())
            partners.Add((rows.Int32(0), InstituteId.TryRead(rows.Span(1), out var id) ? id : default));
        return partners;
    }
}
