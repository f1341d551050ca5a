using Federation.Protocol.Records;
using Federation.V1.Node;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>One step of the visible script. A draft holds what is visible of the record; the world adds what is hidden.</summary>
internal sealed record ScriptStep(TimeSpan At, ScriptOperation Operation, RecordId Record, RecordDraft? Draft, int Number, bool KeepsContent = false);
