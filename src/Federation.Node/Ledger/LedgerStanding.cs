namespace Federation.Node.Ledger;

/// <summary>How a stored ledger relates to a head that this node signed once.</summary>
internal enum LedgerStanding
{
    /// <summary>The head is a prefix of the ledger.</summary>
    Prefix,

    /// <summary>The ledger lost entries that lie under the head, and signed none in their place.</summary>
    Behind,

    /// <summary>The ledger signed something else in the place of entries that lie under the head.</summary>
    Forked,
}
