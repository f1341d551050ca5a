using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>A page of the live records held of a partner.</summary>
/// <param name="Live">Each record's id and the hash of the entry that it is under.</param>
/// <param name="Last">The local number to go on after; null on the last page.</param>
internal sealed record LiveHeldPage(IReadOnlyList<(RecordId Record, Digest LeafHash)> Live, long? Last);
