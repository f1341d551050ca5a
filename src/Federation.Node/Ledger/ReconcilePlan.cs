using Federation.Node.Storage;

namespace Federation.Node.Ledger;

/// <summary>What records, judged at one or several moments, call for.</summary>
internal sealed class ReconcilePlan
{
    /// <summary>The entries for each partner, in the order of the candidates until they are sorted.</summary>
    public SortedDictionary<int, List<PlannedEntry>> Entries { get; } = [];

    /// <summary>Signatures of forwardable views.</summary>
    public Dictionary<Protocol.Records.Digest, ViewSignature> Signatures { get; } = [];

    /// <summary>Timers to set.</summary>
    public List<(long AtMs, int Partner, long Rec)> TimersSet { get; } = [];

    /// <summary>The holes of each partner's ledger that has any.</summary>
    public Dictionary<int, LedgerHoles> Holes { get; } = [];

    /// <summary>The last change number when the first records were read.</summary>
    public long? AsOfN { get; set; }

    /// <summary>The records that come into a partner's sight or go out of it, with the change number by which they were judged.</summary>
    public IEnumerable<(int Partner, long Target, long ChangedN)> Flips() =>
        Entries.SelectMany(pair => pair.Value.Where(entry => entry.Flips).Select(entry => (pair.Key, entry.Rec, entry.ChangedN)));

    // Two institutes may give one id, by intention.
    private static int Compare(in PlannedEntry a, in PlannedEntry b) =>
        a.WasLive != b.WasLive ? b.WasLive.CompareTo(a.WasLive)
        : a.Name.Id != b.Name.Id ? a.Name.Id.CompareTo(b.Name.Id)
        : a.Name.Origin.CompareTo(b.Name.Origin);

    /// <summary>
    /// Puts each partner's entries into the order in which its ledger gets them: those of records that it holds first, so that what is taken
    /// back does not wait for what is new, and each in the order of public ids. Which of several triggers made an entry, and when, moves it
    /// nowhere; else hidden work would show in the order.
    /// </summary>
    public void Sort()
    {
        foreach (var entries in Entries.Values)
            entries.Sort(static (a, b) => Compare(a, b));
    }
}
