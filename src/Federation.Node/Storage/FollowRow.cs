using Federation.Protocol.Heads;

namespace Federation.Node.Storage;

/// <summary>Where the node stands in a partner's ledger. All of it is written in the transaction that applies a batch.</summary>
internal sealed record FollowRow
{
    /// <summary>The partner's number.</summary>
    public required int Partner { get; init; }

    /// <summary>The ledger's id; zero before first contact.</summary>
    public required LedgerId Ledger { get; init; }

    /// <summary>The incarnation; 0 before first contact.</summary>
    public required uint Incarnation { get; init; }

    /// <summary>The number of entries applied.</summary>
    public required ulong Size { get; init; }

    /// <summary>The compact range over the entries applied.</summary>
    public required byte[] Range { get; init; }

    /// <summary>The last verified head, as signed; empty before the first batch.</summary>
    public required byte[] Head { get; init; }

    /// <summary>The signature under that head.</summary>
    public required byte[] HeadSignature { get; init; }

    /// <summary>The number of live entries.</summary>
    public required ulong LiveCount { get; init; }

    /// <summary>The bucket sums of the live entries.</summary>
    public required byte[] Buckets { get; init; }

    /// <summary>The durable state.</summary>
    public required FollowState State { get; init; }

    /// <summary>The size in the last receipt that the partner took.</summary>
    public required ulong ReceiptSize { get; init; }

    /// <summary>What went wrong last, in words; empty if nothing did.</summary>
    public required string Fault { get; init; }
}
