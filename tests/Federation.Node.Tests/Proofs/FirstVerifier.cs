using Federation.Cli.Verification;
using Federation.Protocol.Records;

namespace Federation.Node.Tests.Proofs;

/// <summary>The tool's verifier, with its finding in the same form as the second one's.</summary>
internal static class FirstVerifier
{
    /// <summary>What it says of a file.</summary>
    public static SecondVerdict Verify(byte[] file, Digest root, Digest? followerRoot)
    {
        try
        {
            using var pieces = new DelimitedFile(new MemoryStream(file));
            var first = pieces.Next() ?? throw new LedgerFaultException("The file is empty.");
            return EvidenceVerification.IsBundle(first)
                ? Of(EvidenceVerification.Verify(first, pieces, root, followerRoot, 0))
                : Of(LedgerVerification.Verify(first, pieces, root, followerRoot));
        }
        catch (LedgerFaultException fault)
        {
            return new SecondVerdict { Fault = fault.Message };
        }
    }

    private static SecondVerdict Of(EvidenceFinding finding) => new()
    {
        Verified = true,
        Kind = "evidence",
        Origin = finding.Origin.ToString(),
        Follower = finding.Follower.ToString(),
        Exporter = finding.Exporter.ToString(),
        Ledger = finding.Head.Ledger.ToString(),
        Incarnation = finding.Head.Incarnation,
        TreeRoot = finding.Head.Root.ToString(),
        HeadKey = finding.HeadKey.ToString(),
        Size = finding.Head.Size,
        Entries = finding.Seal.Entries,
        Shown = finding.Shown,
        Receipts = finding.Receipts,
    };

    private static SecondVerdict Of(LedgerFinding finding) => new()
    {
        Verified = true,
        Kind = "ledger",
        Origin = finding.Origin.ToString(),
        Follower = finding.Follower.ToString(),
        Ledger = finding.Head.Ledger.ToString(),
        Incarnation = finding.Head.Incarnation,
        TreeRoot = finding.Head.Root.ToString(),
        HeadKey = finding.HeadKey.ToString(),
        Entries = finding.Head.Size,
        Shown = finding.Shown,
        Live = finding.Live,
        Receipt = finding.Receipt?.Receipt.Size,
    };
}
