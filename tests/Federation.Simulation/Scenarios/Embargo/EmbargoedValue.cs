using Federation.Protocol.Records;

namespace Federation.Simulation.Scenarios.Embargo;

/// <summary>A value that no partner may hold long before a moment of true time: a record's only part, or one part of several.</summary>
internal sealed record EmbargoedValue(RecordName Record, byte[] Value, TimeSpan ReleaseAt);
