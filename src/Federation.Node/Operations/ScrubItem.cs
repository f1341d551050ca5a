namespace Federation.Node.Operations;

/// <summary>How far the check of one thing has come; replaced whole.</summary>
internal sealed record ScrubItem
{
    /// <summary>The key under which its progress is stored.</summary>
    public required string Key { get; init; }

    /// <summary>What it is, for people.</summary>
    public required string Name { get; init; }

    /// <summary>How much was checked in this pass.</summary>
    public ulong Checked { get; init; }

    /// <summary>How much there is to check.</summary>
    public ulong Total { get; init; }

    /// <summary>When it was last checked whole, in milliseconds since 1970-01-01 UTC; 0 if never.</summary>
    public long DoneMs { get; init; }

    /// <summary>What was found in this pass, or in the last one until the next begins.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];
}
