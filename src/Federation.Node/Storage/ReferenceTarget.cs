namespace Federation.Node.Storage;

/// <summary>A record that another one refers to.</summary>
/// <param name="Record">The record without its body; its source says whose copy it is.</param>
internal sealed record ReferenceTarget(StoredRecord Record);
