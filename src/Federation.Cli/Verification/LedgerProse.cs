using Federation.Cli.Output;
using Federation.Protocol.Keys;

namespace Federation.Cli.Verification;

/// <summary>Says in words what a ledger export proves.</summary>
internal static class LedgerProse
{
    public static IEnumerable<string> Of(LedgerFinding finding)
    {
        var head = finding.Head;
        yield return $"{finding.Origin} disclosed to {finding.Follower}, in ledger {head.Ledger}, life {head.Incarnation}, "
            + $"{Count(head.Size, "entry", "entries")} in this order and no others:";
        yield return $"  {finding.Shown} shown whole and checked against their commitments, {finding.Hidden} shown as hashes only (superseded or never sent).";
        yield return $"  {Count(finding.Live, "record is", "records are")} live with {finding.Follower}, {finding.Withdrawn} taken back, "
            + $"{finding.Erased} erased."
            + (head.Tip ? " The head confirms the live records." : " The head is not of a moment when all was sent, so it does not confirm the live records.");
        yield return $"  Signed at {TimeText.OfMilliseconds(head.TimeMs)} by head key {finding.HeadKey} of manifest {head.ManifestNo},";
        yield return $"  under the root {RootFingerprint.Format(finding.Root)} that you named.";
        foreach (var (institute, root, entries) in finding.Forwarded.Proven)
        {
            yield return $"  {Count(entries, "entry passes", "entries pass")} on a record of {institute}, signed by {institute} under its root "
                + $"{RootFingerprint.Format(root)}, which you did not name: compare it.";
        }
        foreach (var (institute, entries) in finding.Forwarded.Unproven)
            yield return $"  {Count(entries, "entry is", "entries are")} said to pass on a record of {institute}, whose keys the file lacks: nothing here proves that.";
        if (finding.Receipt is not { } receipt)
        {
            yield return $"There is no receipt: nothing here proves what {finding.Follower} holds, nor by a signature that the ledger is the one for {finding.Follower}.";
            yield break;
        }
        yield return $"{finding.Follower} confirmed {Count(receipt.Receipt.Size, "entry", "entries")} as durable at "
            + $"{TimeText.OfMilliseconds(receipt.Receipt.TimeMs)}, by receipt key {receipt.Key},";
        yield return $"  under its root {RootFingerprint.Format(receipt.Root)}"
            + (receipt.RootIsPinned ? " that you named." : ", which you did not name: compare it.");
        yield return receipt.TreeIsCompared
            ? "  The receipt countersigns the same history."
            : "  The receipt ends inside entries that are shown as one hash, so its history could not be compared.";
    }

    private static string Count(ulong count, string one, string many) => $"{count} {(count == 1 ? one : many)}";
}
