using Federation.Protocol.Merkle;
using Federation.Protocol.Records;

namespace Federation.Protocol.Heads;

/// <summary>
/// How far a ledger has been verified: what a follower stores with the data, in one transaction, and continues from. Immutable.
/// </summary>
public sealed class VerifiedPosition
{
    private readonly CompactRange _range;

    /// <summary>Restores a stored position.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="origin">The institute that keeps it.</param>
    /// <param name="incarnation">The ledger's life.</param>
    /// <param name="range">The tree up to here; copied.</param>
    /// <param name="lastHead">The last verified head; null only before the first.</param>
    /// <exception cref="ArgumentException">The head is of another ledger, incarnation, size or root than the range.</exception>
    public VerifiedPosition(LedgerId ledger, InstituteId origin, uint incarnation, CompactRange range, Head? lastHead)
        : this(ledger, origin, incarnation, lastHead, range.Clone())
    {
        if (lastHead is null ? range.Size != 0 : !Fits(lastHead))
            throw new ArgumentException("The stored head is not that of the stored range.", nameof(lastHead));
    }

    private VerifiedPosition(LedgerId ledger, InstituteId origin, uint incarnation, Head? lastHead, CompactRange range)
    {
        Ledger = ledger;
        Origin = origin;
        Incarnation = incarnation;
        LastHead = lastHead;
        _range = range;
    }

    /// <summary>The ledger.</summary>
    public LedgerId Ledger { get; }

    /// <summary>The institute that keeps the ledger.</summary>
    public InstituteId Origin { get; }

    /// <summary>The ledger's life.</summary>
    public uint Incarnation { get; }

    /// <summary>The last verified head; null before the first.</summary>
    public Head? LastHead { get; }

    /// <summary>The number of entries verified.</summary>
    public ulong Size => _range.Size;

    /// <summary>The tree up to here; a copy.</summary>
    public CompactRange Range => _range.Clone();

    /// <summary>The position before the first entry.</summary>
    public static VerifiedPosition Start(LedgerId ledger, InstituteId origin, uint incarnation) =>
        new(ledger, origin, incarnation, null, new CompactRange());

    /// <summary>The position after a batch was verified; takes ownership of the range.</summary>
    internal VerifiedPosition Advance(CompactRange range, Head head) => new(Ledger, Origin, Incarnation, head, range);

    private bool Fits(Head head) =>
        head.Ledger == Ledger && head.Incarnation == Incarnation && head.Size == _range.Size && head.Root == _range.Root();
}
