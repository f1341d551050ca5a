using Federation.Cli.Verification;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Cli.Output;

/// <summary>What a verification found, as programs read it.</summary>
internal static class FindingJson
{
    public static object Of(LedgerFinding finding) => new
    {
        Verified = true,
        Kind = "ledger",
        Origin = finding.Origin.ToString(),
        Follower = finding.Follower.ToString(),
        Ledger = finding.Head.Ledger.ToString(),
        finding.Head.Incarnation,
        Entries = finding.Head.Size,
        finding.Shown,
        finding.Hidden,
        finding.Live,
        finding.Withdrawn,
        finding.Erased,
        TreeRoot = finding.Head.Root.ToString(),
        HeadAt = TimeText.OfMilliseconds(finding.Head.TimeMs),
        HeadIsTip = finding.Head.Tip,
        HeadKey = finding.HeadKey.ToString(),
        RootFingerprint = finding.Root.ToString(),
        Forwarded = finding.Forwarded.Proven.Select(origin => Of(origin.Institute, origin.Root, origin.Entries))
            .Concat(finding.Forwarded.Unproven.Select(origin => Of(origin.Institute, null, origin.Entries))),
        Receipt = finding.Receipt is not { } receipt ? null : new
        {
            Entries = receipt.Receipt.Size,
            At = TimeText.OfMilliseconds(receipt.Receipt.TimeMs),
            Key = receipt.Key.ToString(),
            RootFingerprint = receipt.Root.ToString(),
            receipt.RootIsPinned,
            receipt.TreeIsCompared,
        },
    };

    private static object Of(InstituteId origin, Digest? root, ulong entries) =>
        new { Origin = origin.ToString(), RootFingerprint = root?.ToString(), Entries = entries, Proven = root is not null };

    public static object Of(EvidenceFinding finding) => new
    {
        Verified = true,
        Kind = "evidence",
        Origin = finding.Origin.ToString(),
        Follower = finding.Follower.ToString(),
        Exporter = finding.Exporter.ToString(),
        finding.Selection,
        Ledger = finding.Head.Ledger.ToString(),
        finding.Head.Incarnation,
        finding.Head.Size,
        TreeRoot = finding.Head.Root.ToString(),
        HeadAt = TimeText.OfMilliseconds(finding.Head.TimeMs),
        HeadKey = finding.HeadKey.ToString(),
        RootFingerprint = finding.Root.ToString(),
        FollowerRootFingerprint = finding.FollowerChain?.Root.ToString(),
        FollowerRootIsPinned = finding.FollowerChain?.RootIsPinned ?? false,
        finding.Seal.Entries,
        finding.Shown,
        finding.Receipts,
        NewestReceipt = Of(finding.NewestReceipt),
        finding.Policies,
        SealedAt = TimeText.OfMilliseconds(finding.Seal.TimeMs),
        SealKey = finding.SealKey.ToString(),
        Listed = finding.Listed.Select(entry => new
        {
            entry.Leaf.Seq,
            Operation = entry.Leaf.Operation.ToString().ToLowerInvariant(),
            Record = entry.Leaf.Record.ToString(),
            entry.Leaf.Vrev,
            entry.Parts,
            Receipt = Of(entry.Receipt),
            Decision = entry.Decision is not { } decision ? null : new
            {
                decision.PolicyEpoch,
                decision.Rule,
                decision.Reason,
                At = TimeText.OfMilliseconds((long)Math.Min(decision.DecidedAtMs, long.MaxValue)),
            },
        }),
    };

    private static object? Of(Receipt? receipt) => receipt is null ? null : new { Entries = receipt.Size, At = TimeText.OfMilliseconds(receipt.TimeMs) };
}
