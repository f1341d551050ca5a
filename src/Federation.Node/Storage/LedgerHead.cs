using Federation.Protocol.Heads;

namespace Federation.Node.Storage;

/// <summary>The state of the ledger for one partner.</summary>
internal sealed record LedgerHead
{
    /// <summary>The partner's number.</summary>
    public required int Partner { get; init; }

    /// <summary>The ledger's id.</summary>
    public required LedgerId Ledger { get; init; }

    /// <summary>The incarnation, from 1.</summary>
    public required uint Incarnation { get; init; }

    /// <summary>The number of entries.</summary>
    public required ulong Size { get; init; }

    /// <summary>The compact range over the entries.</summary>
    public required byte[] Range { get; init; }

    /// <summary>The number of live entries.</summary>
    public required ulong LiveCount { get; init; }

    /// <summary>The bucket sums of the live entries.</summary>
    public required byte[] Buckets { get; init; }

    /// <summary>Heads up to this size may have been signed: what lies below may have been sent.</summary>
    public required ulong SignedSize { get; init; }

    /// <summary>Whether the partner's last head was shown to be a prefix in this life of the process; without it no head is signed.</summary>
    public required bool Confirmed { get; init; }

    /// <summary>Whether the partner was shown to hold a head that is no prefix of this ledger.</summary>
    public required bool Forked { get; init; }

    /// <summary>Whether the ledger was stopped because what is stored of it does not fit together; it counts as forked until an operator lets it go on.</summary>
    public required bool Damaged { get; init; }

    /// <summary>All entries that were got back as hashes alone lie below this; 0 if there are none.</summary>
    public ulong HolesEnd { get; init; }

    /// <summary>Raised by each recovery: what was planned or extended before one is refused after it.</summary>
    public long Term { get; init; }

    /// <summary>The size up to which the ledger has to be got back before a head is signed; 0 unless it lost its end.</summary>
    public ulong RecoverTo { get; init; }

    /// <summary>
    /// The last change number when it was found that the end is missing: what this node has of a record from up to then may be older than what
    /// was lost.
    /// </summary>
    public long StaleUpToN { get; init; }

    /// <summary>The entries that were got back so far.</summary>
    public ulong RecoveredEntries { get; init; }

    /// <summary>The own records that were made anew with them.</summary>
    public ulong RecoveredRecords { get; init; }

    /// <summary>The size with which the partner last came back below its own receipt.</summary>
    public ulong RegressedTo { get; init; }

    /// <summary>When it did, in milliseconds since 1970-01-01 UTC; 0 if it never did.</summary>
    public long RegressedMs { get; init; }

    /// <summary>The records whose latest entry was got back and stands until they are written again.</summary>
    public ulong StandingRecords { get; init; }

    /// <summary>The size in the partner's latest receipt.</summary>
    public required ulong ReceiptSize { get; init; }

    /// <summary>The time in the partner's latest receipt, in milliseconds since 1970-01-01 UTC; 0 if there is none.</summary>
    public required long ReceiptMs { get; init; }

    /// <summary>When the oldest entry that no receipt covers was appended, in milliseconds since 1970-01-01 UTC; null if receipts cover all.</summary>
    public required long? OldestUnreceiptedMs { get; init; }
}
