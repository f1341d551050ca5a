using Federation.Protocol.Heads;
using Federation.Protocol.Statements;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>One entry as the adversary sends it.</summary>
internal sealed record ForgedEntry(Leaf Leaf, byte[] Statement, Opening[] Openings)
{
    public void Write(BatchWriter writer) => writer.AddEntry(Leaf, Statement, [], (ReadOnlySpan<Opening>)Openings);
}
