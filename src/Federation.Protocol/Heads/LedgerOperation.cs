namespace Federation.Protocol.Heads;

/// <summary>What a ledger entry does to the partner's copy of a record. The values are those of the wire.</summary>
public enum LedgerOperation : byte
{
    /// <summary>No operation; never on the wire.</summary>
    None = 0,

    /// <summary>Shows a view of the record, in place of the one shown before.</summary>
    Disclose = 1,

    /// <summary>Takes the record back; the partner deletes its values.</summary>
    Withdraw = 2,

    /// <summary>The originator destroyed the record; the partner destroys values, salts and keys.</summary>
    Erase = 3,
}
