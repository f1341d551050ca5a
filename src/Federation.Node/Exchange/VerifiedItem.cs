using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Exchange;

/// <summary>One proven item of a batch.</summary>
/// <param name="Seq">The first entry's sequence number.</param>
/// <param name="Level">The item stands for 2^level entries.</param>
/// <param name="Hash">The hash of the entry, or of the subtree of entries that were not shown.</param>
/// <param name="Entry">The entry; null if it was not shown.</param>
internal readonly record struct VerifiedItem(ulong Seq, int Level, Digest Hash, VerifiedEntry? Entry);
