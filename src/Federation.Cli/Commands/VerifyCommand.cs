using System.CommandLine;
using Federation.Cli.Output;
using Federation.Cli.Verification;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;

namespace Federation.Cli.Commands;

/// <summary><c>federation verify FILE</c>: checks a ledger export without a node, a database or a network.</summary>
internal static class VerifyCommand
{
    private static readonly Argument<string> Export = new("FILE") { Description = "The file that 'ledger export' wrote." };

    private static readonly Option<string> Root = new("--root")
    {
        Description = "The fingerprint of the root of the institute that disclosed, as you know it.",
        HelpName = "FINGERPRINT",
        Required = true,
    };

    private static readonly Option<string> FollowerRoot = new("--follower-root")
    {
        Description = "The fingerprint of the root of the institute that received, for its receipt; otherwise the one in the file is shown.",
        HelpName = "FINGERPRINT",
    };

    public static Command Create()
    {
        var command = new Command("verify", "Verifies a ledger export offline, and says what it proves.") { Export, Root, FollowerRoot };
        command.Runs((scope, _) => Task.FromResult(Run(scope)));
        return command;
    }

    private static int Run(CommandScope scope)
    {
        var root = Fingerprint(scope, Root) ?? throw CommandFailureException.Usage("--root is needed.");
        try
        {
            using var file = new BufferedStream(File.OpenRead(scope.Get(Export)));
            var finding = LedgerVerification.Verify(file, root, Fingerprint(scope, FollowerRoot));
            scope.Write(ToJson(finding), console => console.WriteLines(LedgerProse.Of(finding)));
            return ExitCode.Ok;
        }
        catch (LedgerFaultException fault)
        {
            throw CommandFailureException.Unverified(fault.Message);
        }
    }

    private static Digest? Fingerprint(CommandScope scope, Option<string> option)
    {
        if (scope.Get(option) is not { } text)
            return null;
        return RootFingerprint.TryParse(text, out var fingerprint)
            ? fingerprint
            : throw CommandFailureException.Usage($"{option.Name} takes 64 hexadecimal digits; '-', ':' and spaces between them don't count.");
    }

    private static object ToJson(LedgerFinding finding) => new
    {
        Verified = true,
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
}
