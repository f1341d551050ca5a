namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>What an adversarial origin may do with its own keys, beside the fault code under which a follower halts.</summary>
internal enum Forgery
{
    RootMismatch,
    HeadShrinks,
    HeadTimeRegresses,
    CommitmentMismatch,
    StatementMismatch,
    LeafOutOfOrder,
    ForeignOrigin,
    RecordTwice,
    VrevRegresses,
    LiveSetMismatch,
    BadHeadSignature,
    FirstSeq,
    SizeMismatch,
    SubtreeMisplaced,
    OtherLedger,
    NoPrefix,
    WrongLedger,
    MalformedBatch,
    PartContradicted,
}
