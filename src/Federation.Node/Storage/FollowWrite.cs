using Federation.Protocol.Heads;

namespace Federation.Node.Storage;

/// <summary>What a follower notes beside applied batches; what is null stays as it is.</summary>
internal sealed record FollowWrite(int Partner)
{
    /// <summary>The ledger of first contact; read only while there was none.</summary>
    public (LedgerId Ledger, uint Incarnation)? Contact { get; init; }

    /// <summary>The size in a receipt that the partner took.</summary>
    public ulong? ReceiptSize { get; init; }

    /// <summary>Whether a halted follower goes on, and a ledger that was stopped as damaged.</summary>
    public bool Resume { get; init; }
}
