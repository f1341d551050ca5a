using System.CommandLine;
using Federation.Cli.Output;
using Federation.Cli.Setup;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Federation.V1.Node;
using Spectre.Console;

namespace Federation.Cli.Commands;

/// <summary><c>federation partner add CARD</c>: pins another institute's root and turns sharing and following on or off.</summary>
internal static class PartnerAddCommand
{
    private static readonly Argument<string> Card = new("CARD") { Description = "The partner's card, as its institute handed it over." };

    private static readonly Option<bool> Share = new("--share") { Description = "Keep a disclosure ledger for the partner; a policy then says what it gets." };

    private static readonly Option<bool> Follow = new("--follow") { Description = "Follow the partner's ledger." };

    private static readonly Option<bool> Yes = new("--yes") { Description = "Pin the card's root without asking." };

    private static readonly Option<string> Fingerprint = new("--fingerprint")
    {
        Description = "The root's fingerprint as the partner told it over another channel; another one is refused.",
        HelpName = "HEX",
    };

    public static Command Create()
    {
        var command = new Command("add", "Pins a partner by its card. Run again with the same card, it changes the switches.")
        {
            Card, Share, Follow, Yes, Fingerprint,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var card = PartnerCards.Read(scope.Get(Card));
        var found = PartnerCards.Fingerprint(card);
        await ConfirmAsync(scope, card, found, cancellationToken);
        using var node = scope.Connect();
        var request = new AddPartnerRequest { Card = card, Share = scope.Get(Share), Follow = scope.Get(Follow) };
        var answer = await node.Operator.AddPartnerAsync(request, node.Unary(cancellationToken));
        if (!RootFingerprint.TryParse(answer.RootFingerprint, out var pinned) || pinned != found)
            throw CommandFailureException.Unverified($"The node says that it pinned {answer.RootFingerprint}, which is not the card's root.");
        scope.Write(answer, console => console.Facts(
            ("partner", card.Institute),
            ("pinned root", RootFingerprint.Format(pinned)),
            ("share", request.Share),
            ("follow", request.Follow)));
        return ExitCode.Ok;
    }

    private static async Task ConfirmAsync(CommandScope scope, PartnerCard card, Digest found, CancellationToken cancellationToken)
    {
        if (scope.Get(Fingerprint) is { } told)
        {
            if (!RootFingerprint.TryParse(told, out var expected))
                throw CommandFailureException.Usage("A fingerprint is 64 hexadecimal digits; '-', ':' and spaces between them don't count.");
            if (expected != found)
                throw CommandFailureException.Unverified($"The card's root is {RootFingerprint.Format(found)}, not the one named. Nothing was changed.");
            return;
        }
        if (scope.Get(Yes))
            return;
        if (!scope.IsInteractive)
            throw CommandFailureException.Usage($"The card's root is {RootFingerprint.Format(found)}. Name it with --fingerprint, or give --yes.");
        scope.Console.Facts(
            ("institute", card.Institute),
            ("name", card.DisplayName),
            ("addresses", card.Addresses),
            ("root fingerprint", RootFingerprint.Format(found)));
        if (!await scope.Console.ConfirmAsync("Is this the fingerprint that the institute told you over another channel?", false, cancellationToken))
            throw new CommandFailureException(ExitCode.Refused, "NOT_CONFIRMED", "Nothing was changed.");
    }
}
