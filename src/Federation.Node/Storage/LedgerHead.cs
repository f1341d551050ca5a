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

    /// <summary>The size in the partner's latest receipt.</summary>
    public required ulong ReceiptSize { get; init; }

    /// <summary>The time in the partner's latest receipt, in milliseconds since 1970-01-01 UTC; 0 if there is none.</summary>
    public required long ReceiptMs { get; init; }

    /// <summary>When the oldest entry that no receipt covers was appended, in milliseconds since 1970-01-01 UTC; null if receipts cover all.</summary>
    public required long? OldestUnreceiptedMs { get; init; }
}
