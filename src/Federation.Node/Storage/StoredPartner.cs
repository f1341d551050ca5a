using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>One partner as it is stored.</summary>
internal sealed record StoredPartner
{
    /// <summary>The partner's number at this node, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The partner's institute id.</summary>
    public required InstituteId Institute { get; init; }

    /// <summary>The partner's card: name, addresses and manifests, as a serialised PartnerCard.</summary>
    public required byte[] Card { get; init; }

    /// <summary>The pinned fingerprint of its root key.</summary>
    public required Digest RootFingerprint { get; init; }

    /// <summary>Whether the node keeps a ledger for it.</summary>
    public required bool Share { get; init; }

    /// <summary>Whether the node follows its ledger.</summary>
    public required bool Follow { get; init; }

    /// <summary>The epoch of the policy in force; 0 means none.</summary>
    public required long PolicyEpoch { get; init; }

    /// <summary>The number of the latest change of a group that concerned the partner; 0 means none.</summary>
    public required long Membership { get; init; }

    /// <summary>The digests of its community lists on which this institute stands, as the partner said last, in ascending order.</summary>
    public IReadOnlyList<Digest> Communities { get; init; } = [];

    /// <summary>Whether it verifies records that are passed on to it, as it said last.</summary>
    public bool TakesForwarded { get; init; }

    /// <summary>The text of the policy in force; null means none.</summary>
    public required string? Policy { get; init; }
}
