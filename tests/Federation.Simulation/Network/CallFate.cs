namespace Federation.Simulation.Network;

/// <summary>What the network does to one call.</summary>
internal enum CallFate
{
    None,
    DropRequest,
    DropReply,
    Cut,
}
