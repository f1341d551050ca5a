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

    /// <summary>The number of the latest change of a group that concerned the partner; 0 means none.</summary>
    public required long Membership { get; init; }

    /// <summary>The number of the latest change of a community list or an announcement by which the partner's fellows were found.</summary>
    public long Community { get; init; }

    /// <summary>The digests of the own community lists on which the partner stands, in ascending order: what it is told at contact.</summary>
    public IReadOnlyList<Digest> OwnLists { get; init; } = [];

    /// <summary>The digests that the partner said last, in ascending order.</summary>
    public IReadOnlyList<Digest> ItsLists { get; init; } = [];

    /// <summary>The lists that both have loaded, and on which both stand.</summary>
    public IReadOnlyList<CommunityList> CommonLists { get; init; } = [];

    /// <summary>The partner as policies see it: its id and the groups that it is in.</summary>
    public required Recipient Recipient { get; init; }

    /// <summary>The policy in force as it was written; null means none, or one that this program does not understand.</summary>
    public required PolicyDocument? Document { get; init; }

    /// <summary>What the policy says for this partner; null means that nothing is shared.</summary>
    public required SharingPolicy? Policy { get; init; }

    /// <summary>The partner as it would be with another policy or other groups; to be asked about, never put in force.</summary>
    public Partner With(PolicyDocument? document, Recipient recipient) => new()
    {
        Number = Number,
        Institute = Institute,
        Card = Card,
        RootFingerprint = RootFingerprint,
        Keys = Keys,
        Share = Share,
        Follow = Follow,
        PolicyEpoch = PolicyEpoch,
        Membership = Membership,
        Community = Community,
        OwnLists = OwnLists,
        ItsLists = ItsLists,
        CommonLists = CommonLists,
        Recipient = recipient,
        Document = document,
        Policy = document?.For(recipient),
    };
}
