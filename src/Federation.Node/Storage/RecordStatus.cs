namespace Federation.Node.Storage;

/// <summary>How a stored record stands at this node; the numbers are part of the schema.</summary>
internal enum RecordStatus
{
    /// <summary>Readable, and disclosed as policies allow.</summary>
    Live = 0,

    /// <summary>An own record that only publishers see.</summary>
    Draft = 1,

    /// <summary>An own record whose content and keys are destroyed; the row keeps what ledgers refer to.</summary>
    Erased = 2,

    /// <summary>A received record that its origin no longer shares, or erased: the row is the tombstone, kept for ever.</summary>
    Removed = 3,

    /// <summary>A received record that is proven but not understood, or over a limit: counted, not shown, not forwarded.</summary>
    Quarantined = 4,

    /// <summary>
    /// Another institute's record of which this node has the name alone, since a ledger that was got back names it: nothing is held of it until
    /// its originator's ledger brings it again.
    /// </summary>
    Awaited = 5,
}
