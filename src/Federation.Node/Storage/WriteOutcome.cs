using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>What became of a write.</summary>
internal readonly record struct WriteOutcome(WriteVerdict Verdict, RecordId Id, int Version);
