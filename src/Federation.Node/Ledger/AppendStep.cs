using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Records;

namespace Federation.Node.Ledger;

/// <summary>What one transaction appends, and notes with it.</summary>
internal sealed class AppendStep
{
    /// <summary>The entries by partner, in order.</summary>
    public required IReadOnlyList<(Partner Partner, List<PlannedEntry> Entries)> Entries { get; init; }

    /// <summary>Signatures of forwardable views; those of the entries are among them.</summary>
    public required IReadOnlyDictionary<Digest, ViewSignature> Signatures { get; init; }

    /// <summary>Timers to set.</summary>
    public required IReadOnlyList<(long AtMs, int Partner, long Rec)> TimersSet { get; init; }

    /// <summary>The time by which embargoes were judged, in milliseconds since 1970-01-01 UTC.</summary>
    public required long NowMs { get; init; }

    /// <summary>Flips of visibility that are noted until the referrers are judged.</summary>
    public required IReadOnlyList<(int Partner, long Target)> FlipsNoted { get; init; }

    /// <summary>What is noted with the entries.</summary>
    public required AppendProgress Progress { get; init; }
}
