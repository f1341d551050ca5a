using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Ledger;

/// <summary>One item of a ledger as its follower holds it.</summary>
/// <param name="Seq">The sequence number of the item's first entry.</param>
/// <param name="Level">The item stands for 2^level entries.</param>
/// <param name="Hash">The hash of the leaf, or of the subtree.</param>
/// <param name="Leaf">The entry; null where the follower knows the hash alone.</param>
internal readonly record struct EchoedItem(ulong Seq, int Level, Digest Hash, Leaf? Leaf)
{
    /// <summary>The sequence number after the item's last entry.</summary>
    public ulong End => Seq + (1UL << Level);
}
