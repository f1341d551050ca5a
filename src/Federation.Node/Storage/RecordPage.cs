namespace Federation.Node.Storage;

/// <summary>A page of records.</summary>
/// <param name="Records">The records with their bodies, in the order of change.</param>
/// <param name="ScannedTo">Every record with a change number up to here was looked at.</param>
/// <param name="Exhausted">Whether there was nothing beyond at the moment of reading.</param>
internal sealed record RecordPage(IReadOnlyList<StoredRecord> Records, long ScannedTo, bool Exhausted);
