using Federation.Simulation.Scenarios.Nodes;

namespace Federation.Simulation.Scenarios.Restores;

/// <summary>A copy of a disk, with how far its node had followed each of the others.</summary>
/// <param name="File">The file.</param>
/// <param name="Follows">The number of entries of each other institute's ledger.</param>
/// <param name="Past">After how many restores of the node it was taken, or became the node's past.</param>
internal sealed record DiskCopy(string File, IReadOnlyList<(SimulatedInstitute Origin, ulong Size)> Follows, int Past);
