using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Federation.Cli.Output;

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
            GroupCommand.Create(),
            QuarantineCommand.Create(),
            EvidenceCommand.Create(),
            ClockCommand.Create(),
            LedgerCommand.Create(),
            VerifyCommand.Create(),
            ReconcileCommand.Create(),
            BackupCommand.Create(),
            RestoreCommand.Create(),
            DemoCommand.Create(),
            CompletionCommand.Create(),
        };
        root.Options.Add(GlobalOptions.Directory);
        root.Options.Add(GlobalOptions.Client);
        root.Options.Add(GlobalOptions.Output);
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            if (help.Action is SynchronousCommandLineAction action)
                help.Action = new HelpWithExamples(action);
        }
        return root;
    }
}
