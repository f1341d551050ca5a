using Federation.Cli.Connection;
using Federation.Protocol.Records;
using Federation.V1.Exchange;

namespace Federation.Cli.Demo;

/// <summary>One institute of the demo, with its node running. The network ends its process.</summary>
/// <param name="Process">The node's process.</param>
/// <param name="Node">The connection to its own listener.</param>
/// <param name="Addresses">Where both listeners are.</param>
/// <param name="Card">Its card.</param>
/// <param name="Root">The fingerprint of its root.</param>
internal sealed record DemoInstitute(NodeProcess Process, NodeConnection Node, ListenerAddress Addresses, PartnerCard Card, Digest Root)
{
    public string Id => Card.Institute;

    public string Location => Process.Directory.Location;

    public string LogFile => LogFileIn(Location);

    public bool IsRunning => !Process.HasExited;

    public static string LogFileIn(string location) => Path.Combine(location, "node.log");

    public override string ToString() => Id;
}
