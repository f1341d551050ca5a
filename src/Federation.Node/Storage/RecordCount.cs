namespace Federation.Node.Storage;

/// <summary>How many records of one source stand in one status.</summary>
internal readonly record struct RecordCount(int Source, RecordStatus Status, long Count);
