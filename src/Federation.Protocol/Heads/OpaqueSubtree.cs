using Federation.Protocol.Records;

namespace Federation.Protocol.Heads;

/// <summary>Entries of a ledger of which only a hash was shown.</summary>
/// <param name="FirstSeq">The first entry's position.</param>
/// <param name="Level">They are 2^level entries.</param>
/// <param name="Hash">The hash of the leaf, or of the perfect subtree.</param>
public readonly record struct OpaqueSubtree(ulong FirstSeq, int Level, Digest Hash);
