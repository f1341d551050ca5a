using Federation.Cli.Connection;
using Federation.Cli.Output;
using Federation.Cli.Verification;
using Federation.V1.Node;

namespace Federation.Cli.Demo;

/// <summary>Every partner exports what it was told; the files alone, and the roots that were pinned, prove it.</summary>
internal static class DemoVerification
{
    private const int MaxRows = 12;

    public static async Task RunAsync(DemoNetwork network, DemoScreen screen, TimeProvider clock, CancellationToken cancellationToken)
    {
        screen.Begin("Offline, from the exported files and the pinned roots alone");
        // A receipt follows its entries by a moment; the files are to hold the last one.
        var disclosures = await Convergence.WaitAsync(network, screen, clock, cancellationToken);
        var exports = Directory.CreateDirectory(Path.Combine(network.Location, "exports")).FullName;
        var findings = new List<LedgerFinding>();
        foreach (var (from, to) in network.Pairs)
        {
            var file = Path.Combine(exports, $"{from}-to-{to}.ledger");
            await LedgerExporter.WriteAsync(to.Node, from.Id, LedgerDirection.Inbound, file, cancellationToken);
            var finding = Verify(screen, file, from, to);
            var live = disclosures.Count(disclosure => disclosure.From == from && disclosure.To == to && disclosure.Explanation.Visible);
            screen.Require(finding.Live == (ulong)live, $"{Path.GetFileName(file)} proves {finding.Live} live records, and {live} are visible.");
            screen.Require(finding.Receipt?.Receipt.Size == finding.Head.Size, $"{Path.GetFileName(file)} holds no receipt for all of its entries.");
            findings.Add(finding);
        }
        Show(screen, findings);
        screen.Passed($"{findings.Count} files verify: every entry, every commitment, every head, every receipt.");
        screen.Require(findings.Any(finding => finding.Withdrawn > 0), "no file shows the entry that took the narrowed record back.");
        screen.Passed("the entry that took the narrowed record back is among them.");
        CheckThatTamperingShows(screen, network, exports);
    }

    private static LedgerFinding Verify(DemoScreen screen, string file, DemoInstitute from, DemoInstitute to)
    {
        try
        {
            using var stream = new BufferedStream(File.OpenRead(file));
            return LedgerVerification.Verify(stream, from.Root, to.Root);
        }
        catch (LedgerFaultException fault)
        {
            throw screen.Failed($"{file}: {fault.Message}");
        }
    }

    private static void Show(DemoScreen screen, List<LedgerFinding> findings)
    {
        var table = Tables.Create("ledger", "entries", "shown", "live", "taken back", "head signed", "receipt for", "receipt signed");
        foreach (var finding in findings.OrderByDescending(finding => finding.Withdrawn).Take(MaxRows))
        {
            table.With(
                $"{finding.Origin} to {finding.Follower}",
                finding.Head.Size,
                finding.Shown,
                finding.Live,
                finding.Withdrawn,
                TimeText.OfMilliseconds(finding.Head.TimeMs),
                finding.Receipt?.Receipt.Size,
                finding.Receipt is { } receipt ? TimeText.OfMilliseconds(receipt.Receipt.TimeMs) : "");
        }
        screen.Show(table);
        if (findings.Count > MaxRows)
            screen.Say($"… and {findings.Count - MaxRows} more.");
    }

    private static void CheckThatTamperingShows(DemoScreen screen, DemoNetwork network, string exports)
    {
        var (from, to) = network.Pairs.First();
        var bytes = File.ReadAllBytes(Path.Combine(exports, $"{from}-to-{to}.ledger"));
        bytes[bytes.Length * 2 / 3] ^= 0x01;
        try
        {
            LedgerVerification.Verify(new MemoryStream(bytes), from.Root, to.Root);
        }
        catch (LedgerFaultException fault)
        {
            screen.Passed($"with one bit changed, {from}-to-{to}.ledger is refused: {fault.Message}");
            return;
        }
        throw screen.Failed("a file with one bit changed still verifies.");
    }
}
