namespace Federation.Protocol.Heads;

/// <summary>What an item of a batch is. The values are those of the wire.</summary>
public enum BatchItemType : byte
{
    /// <summary>No item; never on the wire.</summary>
    None = 0,

    /// <summary>One entry of the ledger with all that it discloses.</summary>
    Entry = 1,

    /// <summary>A perfect subtree of entries of which only the hash is shown, because all of them are superseded or were never sent.</summary>
    Opaque = 2,
}
