using Federation.Simulation.Scenarios.Nodes;
using Federation.Simulation.World;
using Microsoft.Extensions.Logging;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>What a planted leak has at hand.</summary>
internal sealed record LeakSurroundings(NodeLife Life, NodeDisk Disk, HiddenMarkers Markers, ILoggerFactory Logs);
