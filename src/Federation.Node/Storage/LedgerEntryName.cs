using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>One entry with the record's public name, as the leaf needs it.</summary>
internal readonly record struct LedgerEntryName(LedgerEntry Entry, RecordName Name);
