namespace Federation.Protocol.Heads;

/// <summary>Why a ledger was begun anew; the numbers are on the wire.</summary>
public enum LedgerResetReason : byte
{
    /// <summary>Another reason, which the text gives.</summary>
    Other = 0,

    /// <summary>The tree holds a fault that was signed (a flipped bit, a mistake of a program).</summary>
    Damaged = 1,

    /// <summary>The originator lost its store.</summary>
    Lost = 2,

    /// <summary>Two histories were signed, or the ledger no longer begins with what was.</summary>
    Forked = 3,
}
