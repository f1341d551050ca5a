using System.CommandLine;
using Federation.Cli.Output;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation node scrub</c>: how far the check of what is stored has come, and what it found.</summary>
internal static class NodeScrubCommand
{
    private static readonly Option<bool> Start = new("--start") { Description = "Begins a check now; else one begins every hour." };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "scrub",
            "Shows how far the slow check of ledgers, followed ledgers and records has come; exit code 4 if it found a fault.",
            "federation node scrub --start",
            "federation node scrub")
        {
            Start,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        if (scope.Get(Start))
            await node.Operator.StartScrubAsync(new StartScrubRequest(), node.Unary(cancellationToken));
        var state = await node.Operator.GetScrubAsync(new GetScrubRequest(), node.Unary(cancellationToken));
        scope.Write(state, console =>
        {
            var table = Tables.Create("what", "checked", "of", "last checked whole", "faults");
            foreach (var item in state.Items)
                table.With(item.Name, item.Checked, item.Total, item.DoneAt, item.Findings.Count);
            console.Write(table);
            console.WriteLines(state.Items.SelectMany(item => item.Findings.Select(finding => $"{item.Name}: {finding}")));
            scope.Say(state.Running ? "A check is under way." : "No check is under way.");
        });
        return state.Items.Any(item => item.Findings.Count > 0) ? ExitCode.VerificationFailed : ExitCode.Ok;
    }
}
