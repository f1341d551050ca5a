using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;

namespace Federation.Cli.Verification;

/// <summary>What a ledger export proves.</summary>
internal sealed record LedgerFinding
{
    /// <summary>The institute that disclosed.</summary>
    public required InstituteId Origin { get; init; }

    /// <summary>The institute to which it disclosed.</summary>
    public required InstituteId Follower { get; init; }

    /// <summary>The fingerprint that was pinned, and under which everything verified.</summary>
    public required Digest Root { get; init; }

    /// <summary>The last signed head.</summary>
    public required Head Head { get; init; }

    /// <summary>The key that signed it.</summary>
    public required KeyId HeadKey { get; init; }

    /// <summary>Entries that the file shows whole.</summary>
    public required ulong Shown { get; init; }

    /// <summary>Entries of which the file shows only a hash: superseded, or never sent.</summary>
    public required ulong Hidden { get; init; }

    /// <summary>Records that the follower may hold.</summary>
    public required ulong Live { get; init; }

    /// <summary>Records whose latest entry takes them back.</summary>
    public required ulong Withdrawn { get; init; }

    /// <summary>Records whose latest entry erases them.</summary>
    public required ulong Erased { get; init; }

    /// <summary>Whose records the ledger passes on, proven or not.</summary>
    public required ForwardedOrigins Forwarded { get; init; }

    /// <summary>The follower's receipt, if the file has one.</summary>
    public ReceiptFinding? Receipt { get; init; }
}
