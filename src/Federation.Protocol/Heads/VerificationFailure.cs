namespace Federation.Protocol.Heads;

/// <summary>Why a batch was not accepted. Closed: whoever adds a reason decides what a follower does about it.</summary>
public enum VerificationFailure
{
    /// <summary>Nothing failed.</summary>
    None = 0,

    /// <summary>The framing of the items is malformed, too large, or has too many items.</summary>
    MalformedBatch,

    /// <summary>The head is signed, and not a head.</summary>
    MalformedHead,

    /// <summary>The head's signature is not by an active head key of the originator.</summary>
    BadHeadSignature,

    /// <summary>The head names a newer manifest than the one at hand, and its signature does not verify by that. Fetch manifests and try again.</summary>
    ManifestUnknown,

    /// <summary>The head is of another ledger.</summary>
    WrongLedger,

    /// <summary>The head is of another incarnation of the ledger.</summary>
    WrongIncarnation,

    /// <summary>The head is smaller than the last one.</summary>
    HeadShrinks,

    /// <summary>The head is older than the last one.</summary>
    HeadTimeRegresses,

    /// <summary>An entry's leaf is not the next of the ledger.</summary>
    LeafOutOfOrder,

    /// <summary>A bare hash stands where no perfect subtree of its level starts.</summary>
    SubtreeMisplaced,

    /// <summary>An entry claims to be of a record that another institute wrote, and that institute's signature does not prove it.</summary>
    ForeignOrigin,

    /// <summary>A statement is malformed, or not the one that its leaf names, or stands where there should be none.</summary>
    StatementMismatch,

    /// <summary>The openings are malformed, or do not open exactly the commitments of their statement.</summary>
    CommitmentMismatch,

    /// <summary>A statement's signature is not by an active statement key of the originator.</summary>
    StatementSignatureInvalid,

    /// <summary>The items end before or beyond the head's size.</summary>
    SizeMismatch,

    /// <summary>The items do not lead to the signed root: together with the last head this is evidence of a fork.</summary>
    RootMismatch,

    /// <summary>At the tip the follower's live set is not the one that the head signs. Found by the follower, which owns the live set.</summary>
    LiveSetMismatch,
}
