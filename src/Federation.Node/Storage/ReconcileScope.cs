namespace Federation.Node.Storage;

/// <summary>What makes records candidates for reconciling.</summary>
internal enum ReconcileScope
{
    /// <summary>They changed; for every partner.</summary>
    Changed,

    /// <summary>One partner's policy changed, or it is new; every record in the order of local numbers.</summary>
    Sweep,

    /// <summary>A moment has come at which the answer for a partner changes.</summary>
    Due,

    /// <summary>They were selected before; for one partner.</summary>
    Listed,

    /// <summary>A record that they refer to came into sight of a partner or went out of it; for that partner, the oldest flip first.</summary>
    Referrers,

    /// <summary>The send guard asked for one record of one partner.</summary>
    Named,
}
