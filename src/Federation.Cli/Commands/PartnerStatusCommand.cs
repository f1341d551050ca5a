using System.CommandLine;
using Federation.Cli.Connection;
using Federation.Cli.Output;
using Federation.Protocol.Keys;
using Federation.V1.Node;
using Spectre.Console;

namespace Federation.Cli.Commands;

/// <summary><c>federation partner status</c>: states and positions by name.</summary>
internal static class PartnerStatusCommand
{
    private static readonly Argument<string?> Partner = new("PARTNER")
    {
        Description = "The partner's institute id; all partners if it is left out.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Create()
    {
        var command = new Command("status", "Shows where both ledgers with a partner stand.") { Partner };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var wanted = scope.Arguments.GetValue(Partner);
        var partners = (await PartnerPages.AllAsync(node, cancellationToken)).FindAll(partner => wanted is null || partner.Institute == wanted);
        if (wanted is not null && partners.Count == 0)
            throw new CommandFailureException(ExitCode.Refused, "PARTNER_NOT_FOUND", $"There is no partner {wanted}.");
        scope.Write(new ListPartnersResponse { Partners = { partners } }, console => partners.ForEach(partner => Show(console, partner)));
        return ExitCode.Ok;
    }

    private static void Show(IAnsiConsole console, Partner partner)
    {
        console.Write(new Rule(SafeText.Of($"{partner.Institute}  {partner.DisplayName}").EscapeMarkup()) { Justification = Justify.Left });
        console.Facts([
            ("root", RootFingerprint.TryParse(partner.RootFingerprint, out var root) ? RootFingerprint.Format(root) : partner.RootFingerprint),
            ("addresses", partner.Addresses),
            ("policy", partner.PolicyEpoch == 0 ? "none: nothing is shared" : $"epoch {partner.PolicyEpoch}"),
            .. partner.Outbound is { } outbound ? Facts(outbound) : [],
            .. partner.Inbound is { } inbound ? Facts(inbound) : [],
        ]);
    }

    private static (string, object?)[] Facts(OutboundLedger ledger) =>
    [
        ("what it is told", EnumText<OutboundState>.Of(ledger.State)),
        ("  entries", $"{ledger.Appended} appended, {ledger.Signed} signed, {ledger.Delivered} delivered, {ledger.Receipted} durable there"),
        ("  last receipt", ledger.ReceiptAt),
        ("  oldest without", ledger.OldestUnreceiptedAt),
        ("  live records", ledger.LiveRecords),
        ("  removals", $"{ledger.RemovalsUnconfirmed} not confirmed by a receipt"),
        ("  alarm", ledger.LiveSetDiffers ? "its last receipt names other live entries at the same root" : ""),
        ("  now", $"{(ledger.Connected ? "reading" : "not connected")}{(ledger.Sweeping ? ", a change of policy is being worked through" : "")}"),
        ("  begun anew", ResetsOf(ledger.Resets)),
    ];

    private static string? ResetsOf(IEnumerable<LedgerResetNote> resets)
    {
        var lines = resets.Select(r => $"incarnation {r.NewIncarnation} after {r.OldIncarnation}, signed {TimeText.Of(r.SignedAt)}, "
            + $"{(r.AcceptedAt is null ? "WAITS to be accepted" : $"in force {TimeText.Of(r.AcceptedAt)}")}: {r.Reason}").ToList();
        return lines.Count == 0 ? null : string.Join("; ", lines);
    }

    private static (string, object?)[] Facts(InboundLedger ledger) =>
    [
        ("what it tells", EnumText<InboundState>.Of(ledger.State)),
        ("  entries", $"{ledger.Applied} applied, {ledger.Receipted} receipted"),
        ("  last head", ledger.HeadAt),
        ("  heard", ledger.HeardAt),
        ("  alarm", ledger.HeadsOverdue ? "three heads in a row did not come: it has stopped, or its heads are held back" : ""),
        ("  live records", $"{ledger.LiveRecords}, {ledger.QuarantinedRecords} in quarantine"),
        ("  last fault", ledger.LastFault),
        ("  begun anew", ResetsOf(ledger.Resets)),
    ];
}
