using System.CommandLine;
using System.Text;
using Federation.Cli.Output;
using Federation.Cli.Setup;
using Federation.Protocol.Keys;
using Federation.V1.Node;
using Google.Protobuf;

namespace Federation.Cli.Commands;

/// <summary><c>federation partner card</c>: the node's own card, to be handed to another institute.</summary>
internal static class PartnerCardCommand
{
    private static readonly Option<string> Out = new("--out")
    {
        Description = "Writes the card to a file: binary, or JSON with --output json.",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        var command = new Command("card", "Shows the node's own card, or writes it to a file for another institute.") { Out };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var card = (await node.Operator.GetPartnerCardAsync(new GetPartnerCardRequest(), node.Unary(cancellationToken))).Card;
        var fingerprint = RootFingerprint.Format(PartnerCards.Fingerprint(card));
        if (scope.Get(Out) is { } file)
        {
            var bytes = scope.IsJson ? Encoding.UTF8.GetBytes(JsonText.Of(card) + "\n") : card.ToByteArray();
            await File.WriteAllBytesAsync(file, bytes, cancellationToken);
            scope.Write(new { File = file, RootFingerprint = fingerprint }, console => console.Facts(("card", file), ("root fingerprint", fingerprint)));
            return ExitCode.Ok;
        }
        scope.Write(card, console => console.Facts(
            ("institute", card.Institute),
            ("name", card.DisplayName),
            ("addresses", card.Addresses),
            ("manifests", card.Manifests.Count),
            ("root fingerprint", fingerprint)));
        return ExitCode.Ok;
    }
}
