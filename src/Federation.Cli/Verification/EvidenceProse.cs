using Federation.Cli.Output;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;

namespace Federation.Cli.Verification;

/// <summary>Says in words what an evidence bundle proves, and what it does not.</summary>
internal static class EvidenceProse
{
    public static IEnumerable<string> Of(EvidenceFinding finding) =>
        [.. Opening(finding), "", .. finding.Listed.SelectMany(entry => Of(finding, entry)), .. Rest(finding), "", .. Proven(finding), "", .. NotProven(finding)];

    private static IEnumerable<string> Opening(EvidenceFinding finding)
    {
        var head = finding.Head;
        yield return $"{finding.Seal.Entries} of the {head.Size} entries by which {finding.Origin} disclosed to {finding.Follower}, in ledger {head.Ledger}, "
            + $"life {head.Incarnation}; {finding.Shown} with their content.";
        yield return $"  Asked for, as {finding.Exporter} says: {finding.Selection}.";
        yield return $"  The head was signed at {At(head.TimeMs)} by head key {finding.HeadKey} of {finding.Origin},";
        yield return $"  under the root {RootFingerprint.Format(finding.Root)} that you named.";
        if (finding.FollowerChain is { } chain && finding.Receipts > 0)
        {
            yield return $"  {finding.Receipts} receipts by {finding.Follower}, under its root {RootFingerprint.Format(chain.Root)}"
                + (chain.RootIsPinned ? " that you named." : ", which you did not name: compare it.");
        }
    }

    private static IEnumerable<string> Of(EvidenceFinding finding, EntryFinding entry)
    {
        var (origin, follower, leaf) = (finding.Origin, finding.Follower, entry.Leaf);
        yield return leaf.Operation switch
        {
            LedgerOperation.Disclose => $"entry {leaf.Seq}: {origin} disclosed record {leaf.Record}{Of(finding, leaf)} to {follower}, as revision {leaf.Vrev}; " + (entry.Parts is { } parts
                ? $"its {parts} parts are in the file and match."
                : "its content is not in the file: a later entry replaced it, or the exporter no longer holds it."),
            LedgerOperation.Withdraw => $"entry {leaf.Seq}: {origin} withdrew record {leaf.Record} from {follower}.",
            _ => $"entry {leaf.Seq}: {origin} erased record {leaf.Record}, and told {follower} to.",
        };
        if (entry.Receipt is not { } receipt)
            yield return $"  No receipt in the file covers it: nothing here proves what {follower} holds.";
        else if (leaf.Operation == LedgerOperation.Disclose)
            yield return $"  {follower} confirmed at {At(receipt.TimeMs)} that it held the first {receipt.Size} entries, with this one, durably.";
        else
            yield return $"  {follower} confirmed at {At(receipt.TimeMs)} that it had carried out the first {receipt.Size} entries, with this one: the content is gone there.";
        if (entry.Decision is not { } decision)
            yield break;
        var by = decision.PolicyEpoch == 0 ? "without a policy" : $"by the policy of epoch {decision.PolicyEpoch}";
        yield return $"  {origin} says: decided at {At((long)Math.Min(decision.DecidedAtMs, long.MaxValue))} {by}"
            + (decision.Rule.Length == 0 ? "." : $", rule '{decision.Rule}'.") + $" {decision.Reason}";
    }

    private static IEnumerable<string> Rest(EvidenceFinding finding)
    {
        if ((ulong)finding.Listed.Count < finding.Seal.Entries)
            yield return $"{finding.Seal.Entries - (ulong)finding.Listed.Count} further entries hold as well. {Commands.ListLimit.ThereAreMore}";
    }

    private static IEnumerable<string> Proven(EvidenceFinding finding)
    {
        yield return "This proves, by signatures and hashes alone:";
        yield return $"  that {finding.Origin} put these entries at these places of the ledger for {finding.Follower}, and signed that it did;";
        yield return "  that the content shown is, byte for byte, what the entries commit to;";
        yield return finding.Receipts == 0
            ? $"  nothing of what {finding.Follower} has: there is no receipt. That the ledger is the one for {finding.Follower} is {finding.Exporter}'s word."
            : $"  that {finding.Follower} countersigned the same ledger up to each receipt; the newest is of {At(finding.NewestReceipt!.TimeMs)} "
                + $"for {finding.NewestReceipt.Size} entries.";
        foreach (var (institute, root, entries) in finding.Forwarded.Proven)
        {
            yield return $"  that {institute} signed what {entries} entries pass on of it, under its root {RootFingerprint.Format(root)}, "
                + "which you did not name: compare it;";
        }
        yield return $"{finding.Exporter} sealed the file at {At(finding.Seal.TimeMs)} with key {finding.SealKey}: nothing in it was changed since.";
    }

    private static IEnumerable<string> NotProven(EvidenceFinding finding)
    {
        yield return "It does not prove:";
        foreach (var (institute, entries) in finding.Forwarded.Unproven)
            yield return $"  that what {entries} entries pass on is of {institute}: the file lacks its keys;";
        yield return "  that the content is true, nor that these are all entries that somebody might want to see;";
        if (finding.Exporter == finding.Origin)
            yield return $"  the policies and what is said of decisions: they are {finding.Origin}'s word, under its seal, and no head authenticates them;";
        yield return $"  moments: they are by the clock of {finding.Origin}, and in receipts by that of {finding.Follower};";
        yield return "  that an entry without content reached the partner with its content: what is replaced before it is sent travels as a hash.";
    }

    private static string Of(EvidenceFinding finding, in Leaf leaf) => leaf.Origin == finding.Origin ? "" : $" of {leaf.Origin}";

    private static string At(long milliseconds) => TimeText.OfMilliseconds(milliseconds);
}
