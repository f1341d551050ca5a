using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>Everything by which one ledger entry was decided, as it was at that moment.</summary>
internal sealed class ArchivedDecision
{
    /// <summary>Whether the record is another institute's, so that no facts are archived.</summary>
    public bool Passed { get; init; }

    /// <summary>The entry.</summary>
    public required DecidedEntry Entry { get; init; }

    /// <summary>The policy that was in force; null if there was none.</summary>
    public required StoredPolicy? Policy { get; init; }

    /// <summary>Every membership of every group up to that moment.</summary>
    public required IReadOnlyList<StoredGroup> Memberships { get; init; }

    /// <summary>The record's facts as they were judged, without a body; null if they were destroyed since.</summary>
    public required StoredRecord? Record { get; init; }

    /// <summary>The own records that it refers to, as they were at that moment.</summary>
    public required IReadOnlyDictionary<RecordName, IReadOnlyList<ReferenceTarget>> Targets { get; init; }

    /// <summary>Whether a record that it refers to has lost its facts since.</summary>
    public required bool TargetsLost { get; init; }
}
