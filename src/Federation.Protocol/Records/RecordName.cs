namespace Federation.Protocol.Records;

/// <summary>Names a record anywhere in the federation: its originator and its id.</summary>
public readonly record struct RecordName(InstituteId Origin, RecordId Id);
