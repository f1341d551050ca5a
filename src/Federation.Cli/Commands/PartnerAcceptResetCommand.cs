using System.CommandLine;
using Federation.Cli.Connection;
using Federation.Cli.Output;
using Federation.Protocol.Keys;
using Federation.V1.Node;
using Spectre.Console;

namespace Federation.Cli.Commands;

/// <summary><c>federation partner accept-reset PARTNER</c>: lets the follower go on with the incarnation that the partner's root declared.</summary>
internal static class PartnerAcceptResetCommand
{
    private static readonly Argument<string> Partner = new("PARTNER") { Description = "The partner's institute id." };

    private static readonly Option<bool> Yes = new("--yes") { Description = "Accept without asking." };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "accept-reset",
            "Accepts that a partner began its ledger anew. Its old entries and heads are kept for ever; records received before stay readable until the new "
            + "incarnation replaces or withdraws them, or has been read to its end without them.",
            "federation partner accept-reset uk")
        {
            Partner, Yes,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var wanted = scope.Get(Partner);
        using var node = scope.Connect();
        var partner = (await PartnerPages.AllAsync(node, cancellationToken)).Find(p => p.Institute == wanted)
            ?? throw new CommandFailureException(ExitCode.Refused, "PARTNER_NOT_FOUND", $"There is no partner {wanted}.");
        var reset = partner.Inbound?.Resets.LastOrDefault(r => r.AcceptedAt is null)
            ?? throw new CommandFailureException(ExitCode.Refused, "NO_RESET", $"No reset by {wanted} waits for being accepted.");
        if (!scope.Get(Yes))
            await ConfirmAsync(scope, partner, reset, cancellationToken);
        await node.Operator.AcceptLedgerResetAsync(
            new AcceptLedgerResetRequest { Partner = wanted, Incarnation = reset.NewIncarnation }, node.Sweep(cancellationToken));
        scope.Write(reset, console => console.WriteLine($"The node follows incarnation {reset.NewIncarnation} of {wanted} from its beginning."));
        return ExitCode.Ok;
    }

    private static async Task ConfirmAsync(CommandScope scope, V1.Node.Partner partner, LedgerResetNote reset, CancellationToken cancellationToken)
    {
        if (!scope.IsInteractive)
            throw CommandFailureException.Usage("A reset that is accepted can't be taken back; give --yes.");
        scope.Console.Facts(
            ("partner", $"{partner.Institute}  {partner.DisplayName}"),
            ("its root, which signed", RootFingerprint.TryParse(partner.RootFingerprint, out var root) ? RootFingerprint.Format(root) : partner.RootFingerprint),
            ("held of the old", $"incarnation {reset.OldIncarnation}, {partner.Inbound.Applied} entries"),
            ("its last head, it says", reset.OldSize == 0 ? "it knows none" : $"{reset.OldSize} entries, root {Convert.ToHexStringLower(reset.OldRoot.Span)}"),
            ("begins", $"incarnation {reset.NewIncarnation}"),
            ("reason", $"{EnumText<ResetReason>.Of(reset.ReasonCode)}: {reset.Reason}"),
            ("signed at", reset.SignedAt));
        if (!await scope.Console.ConfirmAsync("Has the institute told you over another channel that it began anew?", false, cancellationToken))
            throw new CommandFailureException(ExitCode.Refused, "NOT_CONFIRMED", "Nothing was changed.");
    }
}
