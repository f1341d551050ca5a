using System.Text;
using Federation.Cli.Connection;
using Federation.Cli.Output;
using Federation.Cli.Verification;
using Federation.V1.Node;

namespace Federation.Cli.Demo;

/// <summary>Both sides export each ledger; the files alone, and the roots that were pinned, prove what was disclosed and confirmed.</summary>
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
            var live = (ulong)disclosures.Count(disclosure => disclosure.From == from && disclosure.To == to && disclosure.Explanation.Visible);
            var told = Path.Combine(exports, $"{from}-to-{to}-as-told.ledger");
            await LedgerExporter.WriteAsync(from.Node, to.Id, LedgerDirection.Outbound, told, cancellationToken);
            var held = Path.Combine(exports, HeldFile(from, to));
            await LedgerExporter.WriteAsync(to.Node, from.Id, LedgerDirection.Inbound, held, cancellationToken);
            findings.Add(Compare(screen, Verify(screen, told, from, to), Verify(screen, held, from, to), live));
        }
        Show(screen, findings);
        screen.Passed($"{findings.Count * 2} files verify: every entry, commitment, head and receipt; both sides of each ledger have the same tree.");
        screen.Require(findings.Any(finding => finding.Withdrawn > 0), "no file shows the entry that took the narrowed record back.");
        screen.Passed("the entry that took the narrowed record back is among them.");
        CheckThatTamperingShows(screen, exports, disclosures.First(disclosure => disclosure.Explanation.Visible));
    }

    private static string HeldFile(DemoInstitute from, DemoInstitute to) => $"{from}-to-{to}-as-held.ledger";

    private static LedgerFinding Compare(DemoScreen screen, LedgerFinding told, LedgerFinding held, ulong live)
    {
        var name = $"the ledger from {told.Origin} to {told.Follower}";
        screen.Require((told.Head.Size, told.Head.Root) == (held.Head.Size, held.Head.Root), $"{name} has another tree at each side.");
        screen.Require(told.Live == live && held.Live == live, $"{name} proves {told.Live} and {held.Live} live records, and {live} are visible.");
        screen.Require(told.Head.Size == 0 || told.Receipt?.Receipt.Size == told.Head.Size, $"{name} holds no receipt for all of its entries.");
        return told;
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

    private static void CheckThatTamperingShows(DemoScreen screen, string exports, Disclosure disclosure)
    {
        var (from, to) = (disclosure.From, disclosure.To);
        var bytes = File.ReadAllBytes(Path.Combine(exports, HeldFile(from, to)));
        var title = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(disclosure.Title));
        screen.Require(title >= 0, $"'{disclosure.Title}' is not in {HeldFile(from, to)}.");
        bytes[title] ^= 0x01;
        try
        {
            LedgerVerification.Verify(new MemoryStream(bytes), from.Root, to.Root);
        }
        catch (LedgerFaultException fault)
        {
            screen.Passed($"with one bit of a title changed, {HeldFile(from, to)} is refused: {fault.Message}");
            return;
        }
        throw screen.Failed("a file with one bit changed still verifies.");
    }
}
