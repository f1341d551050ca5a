namespace Federation.Node.Sharing;

/// <summary>What one partner may see of one record at one moment.</summary>
internal sealed class Decision
{
    /// <summary>What decided over the record.</summary>
    public required RecordVerdict Verdict { get; init; }

    /// <summary>The name of the rule that decided over the record, if one did.</summary>
    public string? Rule { get; init; }

    /// <summary>The place of that rule in its policy's file, from 0; -1 if no rule decided.</summary>
    public int RuleOrdinal { get; init; } = -1;

    /// <summary>The verdict over each part, in the order of the facts' parts; empty if the record is hidden.</summary>
    public required IReadOnlyList<PartVerdict> Parts { get; init; }

    /// <summary>When time alone can next change this answer, in milliseconds since 1970-01-01 UTC; 0 means never.</summary>
    public long NextChangeMs { get; init; }

    /// <summary>Whether the record is disclosed.</summary>
    public bool Visible => Verdict == RecordVerdict.Visible;
}
