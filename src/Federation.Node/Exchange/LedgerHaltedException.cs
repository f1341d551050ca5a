using Federation.Node.Storage;

namespace Federation.Node.Exchange;

/// <summary>A proof failed: the follower stops with its evidence. Carries what is kept.</summary>
internal sealed class LedgerHaltedException(string fault, string detail, IReadOnlyList<EvidenceObject> objects) : Exception($"{fault}: {detail}")
{
    /// <summary>A short code.</summary>
    public string Fault { get; } = fault;

    /// <summary>What was wrong, in words.</summary>
    public string Detail { get; } = detail;

    /// <summary>The reset that an operator has to accept, if that is why.</summary>
    public ResetNote? Reset { get; init; }

    /// <summary>The objects as received, with the last good head beside what contradicts it.</summary>
    public IReadOnlyList<EvidenceObject> Objects { get; } = objects;
}
