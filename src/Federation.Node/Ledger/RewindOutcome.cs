using Federation.Node.Storage;

namespace Federation.Node.Ledger;

/// <summary>What came of comparing an echo with the ledger: where they part and what the tree is afterwards, or what is wrong.</summary>
/// <param name="Fault">What is wrong, in words; null if the end of the ledger can be put back.</param>
/// <param name="Forks">Whether that shows two histories.</param>
/// <param name="From">Own entries from here on are dropped.</param>
/// <param name="Dropped">What the latest entries of the records concerned were before.</param>
/// <param name="Items">The items from there on.</param>
/// <param name="End">The tree, live set and tiles after them.</param>
internal sealed record RewindOutcome(
    string? Fault, bool Forks, ulong From, IReadOnlyList<(long Rec, DisclosedRow? Before)> Dropped, IReadOnlyList<EchoedItem> Items, PartnerAppend? End)
{
    /// <summary>An echo that can't be put back.</summary>
    public static RewindOutcome Wrong(string fault, bool forks = false) => new(fault, forks, 0, [], [], null);
}
