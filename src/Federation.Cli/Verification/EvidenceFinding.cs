using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;

namespace Federation.Cli.Verification;

/// <summary>What an evidence bundle proves, and what it says besides.</summary>
internal sealed record EvidenceFinding
{
    /// <summary>The institute that disclosed.</summary>
    public required InstituteId Origin { get; init; }

    /// <summary>The institute to which it disclosed.</summary>
    public required InstituteId Follower { get; init; }

    /// <summary>The institute that made and sealed the file.</summary>
    public required InstituteId Exporter { get; init; }

    /// <summary>The exporter's words for which entries were asked for.</summary>
    public required string Selection { get; init; }

    /// <summary>The origin's root, which the caller pinned.</summary>
    public required Digest Root { get; init; }

    /// <summary>The follower's keys; null if the file has none.</summary>
    public required InstituteChain? FollowerChain { get; init; }

    /// <summary>Whose records the entries pass on, proven or not.</summary>
    public required ForwardedOrigins Forwarded { get; init; }

    /// <summary>The head under which every entry is proven.</summary>
    public required Head Head { get; init; }

    /// <summary>The key that signed the head.</summary>
    public required KeyId HeadKey { get; init; }

    /// <summary>The seal.</summary>
    public required EvidenceSeal Seal { get; init; }

    /// <summary>The key that signed the seal.</summary>
    public required KeyId SealKey { get; init; }

    /// <summary>The newest receipt in the file.</summary>
    public required Receipt? NewestReceipt { get; init; }

    /// <summary>Receipts in the file.</summary>
    public required int Receipts { get; init; }

    /// <summary>The epochs of the policies in the file.</summary>
    public required IReadOnlyList<ulong> Policies { get; init; }

    /// <summary>The first entries, as many as were asked to be listed.</summary>
    public required IReadOnlyList<EntryFinding> Listed { get; init; }

    /// <summary>Entries with statement and openings.</summary>
    public required ulong Shown { get; init; }
}
