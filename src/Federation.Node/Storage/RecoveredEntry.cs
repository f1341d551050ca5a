using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>One entry that was got back.</summary>
/// <param name="Seq">Its sequence number.</param>
/// <param name="Operation">What it does; 0 for one that is known by its hash alone.</param>
/// <param name="Name">The record; null for such a one.</param>
/// <param name="Vrev">The record's revision in the ledger.</param>
/// <param name="Hash">The statement's hash; the leaf's or the subtree's for what is known by its hash alone.</param>
/// <param name="Level">Such a hash stands for 2^level entries.</param>
internal readonly record struct RecoveredEntry(ulong Seq, byte Operation, RecordName? Name, uint Vrev, Digest Hash, int Level = 0);
