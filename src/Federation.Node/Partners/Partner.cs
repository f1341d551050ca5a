using Federation.Node.Sharing;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;

namespace Federation.Node.Partners;

/// <summary>One partner as the running node sees it: an immutable snapshot, replaced whole when anything about it changes.</summary>
internal sealed class Partner
{
    /// <summary>The partner's number at this node.</summary>
    public required int Number { get; init; }

    /// <summary>The partner's institute id.</summary>
    public required InstituteId Institute { get; init; }

    /// <summary>The partner's card, as it was handed over.</summary>
    public required PartnerCard Card { get; init; }

    /// <summary>The pinned fingerprint of its root key.</summary>
    public required Digest RootFingerprint { get; init; }

    /// <summary>The keys that its manifests make valid.</summary>
    public required KeyRing Keys { get; init; }

    /// <summary>Whether the node keeps a ledger for it.</summary>
    public required bool Share { get; init; }

    /// <summary>Whether the node follows its ledger.</summary>
    public required bool Follow { get; init; }

    /// <summary>The epoch of the policy in force; 0 means none.</summary>
    public required long PolicyEpoch { get; init; }

    /// <summary>The policy in force; null means that nothing is shared.</summary>
    public required SharingPolicy? Policy { get; init; }
}
