using System.CommandLine;
using System.CommandLine.Help;

namespace Federation.Cli.Commands;

/// <summary>The command tree.</summary>
internal static class FederationCommand
{
    private const string Description =
        "Runs an institute's node of the federation, and talks to it.";

    public static RootCommand Create()
    {
        var root = new RootCommand(Description)
        {
            InitCommand.Create(),
            NodeCommand.Create(),
            ClientCommand.Create(),
            PartnerCommand.Create(),
            PublishCommand.Create(),
            ImportCommand.Create(),
            RecordsCommand.Create(),
            ReviseCommand.Create(),
            WithdrawCommand.Create(),
            EraseCommand.Create(),
            PolicyCommand.Create(),
            ExplainCommand.Create(),
            QuarantineCommand.Create(),
            EvidenceCommand.Create(),
            LedgerCommand.Create(),
            VerifyCommand.Create(),
            DemoCommand.Create(),
            CompletionCommand.Create(),
        };
        root.Options.Add(GlobalOptions.Directory);
        root.Options.Add(GlobalOptions.Client);
        root.Options.Add(GlobalOptions.Output);
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            if (help.Action is HelpAction action)
                action.Builder.CustomizeLayout(_ => HelpBuilder.Default.GetLayout().Append(WriteExitCodes));
        }
        return root;
    }

    private static bool WriteExitCodes(HelpContext context)
    {
        context.Output.WriteLine("Exit codes:");
        foreach (var (code, meaning) in ExitCode.All)
            context.Output.WriteLine($"  {code,-4} {meaning}");
        return true;
    }
}
