using Federation.V1.Node;

namespace Federation.Cli.Output;

/// <summary>Says in words how ledgers compare.</summary>
internal static class ReconcileProse
{
    public static IEnumerable<string> Of(string partner, ReconcilePartnerResponse answer)
    {
        foreach (var line in answer.Outbound is { } outbound ? Of($"What {partner} is told", partner, outbound, partner) : [])
            yield return line;
        foreach (var line in answer.Inbound is { } inbound ? Of($"What {partner} tells", partner, inbound, "this node") : [])
            yield return line;
    }

    private static IEnumerable<string> Of(string what, string partner, LedgerComparison found, string follower)
    {
        var both = Math.Min(found.OwnSize, found.PartnerSize);
        yield return found.Result switch
        {
            ComparisonResult.Alike => $"{what}: alike, {found.OwnSize} entries on both sides.",
            ComparisonResult.Behind => $"{what}: alike up to entry {both}; {follower} is {Math.Max(found.OwnSize, found.PartnerSize) - both} entries behind.",
            ComparisonResult.Differs when found.DifferenceEntries == 1 => $"{what}: differs from entry {found.FirstDifference} on.",
            ComparisonResult.Differs when found.DifferenceEntries > 1 =>
                $"{what}: differs within entries {found.FirstDifference} to {found.FirstDifference + found.DifferenceEntries - 1}; no smaller hash tells where.",
            ComparisonResult.Differs => $"{what}: differs.",
            _ => $"{what}: not compared.",
        };
        if (found.DifferenceEntries > 0)
        {
            yield return $"  here:      {HashText.Of(found.OwnHash)}";
            yield return $"  {partner + ":",-10} {HashText.Of(found.PartnerHash)}";
        }
        if (found.Detail.Length > 0)
            yield return $"  {found.Detail}";
        if (found.Result == ComparisonResult.NotCompared)
            yield break;
        if (found.Uncompared > 0)
            yield return $"  {found.Uncompared} entries could not be compared one by one: one side holds only a hash over more of them.";
        yield return found.LiveBuckets.Count > 0
            ? $"  The live records differ in {found.LiveBuckets.Count} of 64 buckets: {string.Join(", ", found.LiveBuckets)}."
            : found.LiveCompared ? "  The live records are the same." : "  The live records were not compared: the sizes differ, or more is on its way.";
        yield return found.Receipted == 0 ? "  There is no receipt yet." : $"  The newest receipt is for {found.Receipted} entries.";
        yield return $"  {partner} was asked {found.Requests} times.";
    }
}
