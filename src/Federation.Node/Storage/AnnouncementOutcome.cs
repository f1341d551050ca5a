namespace Federation.Node.Storage;

/// <summary>What became of a partner's announcement.</summary>
internal enum AnnouncementOutcome
{
    /// <summary>It says what was known.</summary>
    Same,

    /// <summary>It is stored, and what follows from it is set to be judged again.</summary>
    Changed,

    /// <summary>The partner changed it a moment ago: too soon.</summary>
    TooSoon,
}
