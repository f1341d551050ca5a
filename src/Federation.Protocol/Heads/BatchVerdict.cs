using System.Diagnostics.CodeAnalysis;

namespace Federation.Protocol.Heads;

/// <summary>The outcome of verifying one batch: accepted whole, or refused whole.</summary>
public sealed class BatchVerdict
{
    private BatchVerdict(VerifiedPosition? position, List<VerifiedEntry> entries, List<OpaqueSubtree> opaque, BatchFailure? failure)
    {
        Position = position;
        Entries = entries;
        Opaque = opaque;
        Failure = failure;
    }

    /// <summary>Whether the batch was accepted.</summary>
    [MemberNotNullWhen(true, nameof(Position), nameof(Head))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsValid => Failure is null;

    /// <summary>Where the ledger stands after the batch; null if it was refused.</summary>
    public VerifiedPosition? Position { get; }

    /// <summary>The batch's head; null if it was refused.</summary>
    public Head? Head => Position?.LastHead;

    /// <summary>The entries, in order; empty if the batch was refused.</summary>
    public IReadOnlyList<VerifiedEntry> Entries { get; }

    /// <summary>What was shown as bare hashes, in order; empty if the batch was refused.</summary>
    public IReadOnlyList<OpaqueSubtree> Opaque { get; }

    /// <summary>Why the batch was refused; null if it was accepted.</summary>
    public BatchFailure? Failure { get; }

    internal static BatchVerdict Accepted(VerifiedPosition position, List<VerifiedEntry> entries, List<OpaqueSubtree> opaque) =>
        new(position, entries, opaque, null);

    internal static BatchVerdict Refused(BatchFailure failure) => new(null, [], [], failure);
}
