namespace Federation.Node.Exchange;

/// <summary>Where a follower stands, by the names that operators see.</summary>
internal enum FollowerState
{
    /// <summary>There has been no contact yet.</summary>
    New,

    /// <summary>It is catching up.</summary>
    Syncing,

    /// <summary>It has everything and waits for news.</summary>
    Tailing,

    /// <summary>The partner can't be reached.</summary>
    Disconnected,

    /// <summary>A proof failed.</summary>
    Halted,

    /// <summary>No protocol version is common.</summary>
    Incompatible,

    /// <summary>The partner exceeds the quota.</summary>
    OverQuota,
}
