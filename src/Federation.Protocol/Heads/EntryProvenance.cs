namespace Federation.Protocol.Heads;

/// <summary>Who stands for the content of an entry.</summary>
public enum EntryProvenance
{
    /// <summary>The institute that keeps the ledger wrote the record.</summary>
    Direct = 0,

    /// <summary>Another institute wrote the record, and its signature under the statement verifies. An entry that discloses nothing needs none.</summary>
    Forwarded,

    /// <summary>Another institute is said to have written the record, and its keys are not at hand: nothing but the ledger stands for it.</summary>
    ForwardedUnproven,
}
