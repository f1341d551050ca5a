namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>Looks at what a node has on its disk.</summary>
internal interface IDiskAudit
{
    /// <summary>Audits one node's disk, whether the node runs or not.</summary>
    void Look(SimulatedInstitute institute);
}
