using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>An own record that was selected.</summary>
/// <param name="Id">Its public id.</param>
/// <param name="Rec">Its local number.</param>
internal readonly record struct SelectedRecord(RecordId Id, long Rec);
