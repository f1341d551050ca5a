using System.CommandLine;
using Federation.Cli.Connection;

namespace Federation.Cli.Commands;

/// <summary><c>federation node</c>: runs the node of a directory in the foreground, and shows how what it stores is checked.</summary>
internal static class NodeCommand
{
    public static Command Create()
    {
        var run = new Command("run", "Runs the node until it is told to stop (Ctrl-C or SIGTERM), and ends with its exit code.");
        run.Runs(RunAsync);
        return new Command("node", "The node process.") { run, NodeScrubCommand.Create() };
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        await using var node = NodeProcess.Start(scope.OpenDirectory(), logFile: null, scope.Clock);
        return await node.RunAsync(cancellationToken);
    }
}
