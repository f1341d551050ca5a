using Federation.Simulation.World;

namespace Federation.Simulation.Network;

/// <summary>From which life to which node and port a call goes.</summary>
internal sealed record CallRoute(SimNetwork Network, NodeLife Client, SimNode Server, string Port)
{
    public SimWorld World => Client.World;
}
