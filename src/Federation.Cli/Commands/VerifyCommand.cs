using System.CommandLine;
using Federation.Cli.Output;
using Federation.Cli.Verification;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;

namespace Federation.Cli.Commands;

/// <summary><c>federation verify FILE</c>: checks a ledger export or an evidence bundle without a node, a database or a network.</summary>
internal static class VerifyCommand
{
    private static readonly Argument<string> Export = new("FILE") { Description = "The file that 'ledger export' or 'evidence export' wrote." };

    private static readonly Option<string> Root = new("--root")
    {
        Description = "The fingerprint of the root of the institute that disclosed, as you know it.",
        HelpName = "FINGERPRINT",
        Required = true,
    };

    private static readonly Option<string> FollowerRoot = new("--follower-root")
    {
        Description = "The fingerprint of the root of the institute that received, for its receipts; otherwise the one in the file is shown.",
        HelpName = "FINGERPRINT",
    };

    public static Command Create()
    {
        var command = new Command("verify", "Verifies a ledger export or an evidence bundle offline, and says what it proves and what not.")
        {
            Export, Root, FollowerRoot, ListLimit.Option,
        };
        command.Runs((scope, _) => Task.FromResult(Run(scope)));
        return command;
    }

    private static int Run(CommandScope scope)
    {
        var root = Fingerprint(scope, Root) ?? throw CommandFailureException.Usage("--root is needed.");
        var (followerRoot, limit) = (Fingerprint(scope, FollowerRoot), ListLimit.Read(scope));
        try
        {
            using var file = new BufferedStream(File.OpenRead(scope.Get(Export)));
            using var pieces = new DelimitedFile(file);
            var first = pieces.Next() ?? throw new LedgerFaultException("The file is empty.");
            if (EvidenceVerification.IsBundle(first))
            {
                var finding = EvidenceVerification.Verify(first, pieces, root, followerRoot, limit.Most);
                scope.Write(FindingJson.Of(finding), console => console.WriteLines(EvidenceProse.Of(finding)));
            }
            else
            {
                var finding = LedgerVerification.Verify(first, pieces, root, followerRoot);
                scope.Write(FindingJson.Of(finding), console => console.WriteLines(LedgerProse.Of(finding)));
            }
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
}
