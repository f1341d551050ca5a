using System.CommandLine;
using Federation.Cli.Output;
using Federation.Cli.Verification;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Google.Protobuf;
using Spectre.Console;

namespace Federation.Cli.Commands;

/// <summary><c>federation ledger reset PARTNER</c>: begins a ledger anew after a disaster, under the signature of the institute's root.</summary>
internal static class LedgerResetCommand
{
    private static readonly Argument<string> Partner = new("PARTNER") { Description = "The partner's institute id." };

    private static readonly Option<string> Reason = new("--reason") { Description = "Why, in words; the partner shows it for ever.", HelpName = "TEXT", Required = true };

    private static readonly Option<ResetReason> Code = CodeOption();

    private static readonly Option<string> RootKey = new("--root-key")
    {
        Description = "The institute's root key (PEM); it is read here and never handed to the node.",
        HelpName = "FILE",
        Required = true,
    };

    private static readonly Option<string> Contact = new("--contact")
    {
        Description = "What the partner's 'ledger contact' wrote: its last head. Needed where this node's own store was lost.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> WithoutEnd = new("--without-end")
    {
        Description = "Begin anew although the lost end of the ledger is not back yet (RECOVERING): what this node has is told anew, also where the partner was "
            + "told something newer, or that it was taken back. Where the partner can still give the end back, wait for it instead.",
    };

    private static readonly Option<bool> Yes = new("--yes") { Description = "Begin anew without asking." };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "reset",
            "Begins the ledger for a partner anew, in its next incarnation, when the present one can't go on: its tree is damaged, it is forked, or the store "
            + "was lost. The partner stops until its operator accepts the reset; nothing that it holds is lost by it, and both sides show it for ever.",
            "federation ledger reset jp --reason \"the disk of 3 May\" --code lost --contact jp.contact --root-key /media/safe/root.key")
        {
            Partner, Reason, Code, RootKey, Contact, WithoutEnd, Yes,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var root = ReadKey(scope.Get(RootKey)!);
        var request = new ResetLedgerRequest
        {
            Partner = scope.Get(Partner),
            ReasonCode = scope.Get(Code),
            Reason = scope.Get(Reason),
            WithoutEnd = scope.Get(WithoutEnd),
        };
        if (scope.Get(Contact) is { } file)
            request.LastHead = ContactFile.Read(file).LastHead;
        using var node = scope.Connect();
        var draft = await node.Operator.ResetLedgerAsync(request, node.Unary(cancellationToken));
        var payload = draft.Payload.ToByteArray();
        // What is signed is what is shown, whatever the node meant.
        if (!LedgerReset.TryDecode(payload, out var reset, out var error))
            throw CommandFailureException.Unverified($"The node proposes a reset that can't be read. {error}");
        await ConfirmAsync(scope, reset, cancellationToken);
        request.Reset = new SignedBytes { Payload = draft.Payload, Signature = ByteString.CopyFrom(root.Sign(LedgerReset.PaeType, payload)) };
        var answer = await node.Operator.ResetLedgerAsync(request, node.Sweep(cancellationToken));
        scope.Write(answer, console =>
        {
            Show(console, reset);
            console.WriteLine($"In force. {scope.Get(Partner)} stops at its next contact, until its operator runs 'federation partner accept-reset {reset.Origin}'.");
        });
        return ExitCode.Ok;
    }

    private static async Task ConfirmAsync(CommandScope scope, LedgerReset reset, CancellationToken cancellationToken)
    {
        if (scope.Get(Yes))
            return;
        if (!scope.IsInteractive)
            throw CommandFailureException.Usage("A reset can't be taken back; give --yes.");
        Show(scope.Console, reset);
        if (!await scope.Console.ConfirmAsync("Sign this with the institute's root and begin anew? It can't be taken back.", false, cancellationToken))
            throw new CommandFailureException(ExitCode.Refused, "NOT_CONFIRMED", "Nothing was changed.");
    }

    private static void Show(IAnsiConsole console, LedgerReset reset) => console.Facts(
        ("institute", reset.Origin.ToString()),
        ("ledger", reset.Ledger.ToString()),
        ("ends", $"incarnation {reset.OldIncarnation}, {(reset.OldSize == 0 ? "no head of which is known" : $"last head known: {reset.OldSize} entries, root {reset.OldRoot}")}"),
        ("begins", $"incarnation {reset.NewIncarnation}"),
        ("reason", $"{reset.Reason}: {reset.Text}"));

    private static SigningKey ReadKey(string file)
    {
        try
        {
            return SigningKey.FromPem(File.ReadAllText(file));
        }
        catch (ArgumentException)
        {
            throw CommandFailureException.Usage($"{file} does not hold a private key (PEM, PKCS#8, not encrypted).");
        }
    }

    private static Option<ResetReason> CodeOption()
    {
        var option = new Option<ResetReason>("--code")
        {
            Description = "damaged, lost, forked or other (the default).",
            HelpName = "damaged|lost|forked|other",
            DefaultValueFactory = _ => ResetReason.Other,
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add("damaged", "lost", "forked", "other");
        return option;
    }
}
