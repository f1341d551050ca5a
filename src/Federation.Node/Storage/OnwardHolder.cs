using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>One partner to whom a copy was passed on.</summary>
/// <param name="Record">The record.</param>
/// <param name="Institute">The partner's institute.</param>
/// <param name="Operation">What the latest entry says (1 DISCLOSE, 2 WITHDRAW, 3 ERASE).</param>
/// <param name="SinceMs">When the latest entry was appended, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="Receipted">Whether a receipt of the partner covers that entry.</param>
internal sealed record OnwardHolder(RecordId Record, InstituteId Institute, byte Operation, long SinceMs, bool Receipted);
