using Federation.Cli.Output;

namespace Federation.Cli.Demo;

/// <summary>What a demo leaves behind while it stays: addresses to talk to, and command lines that do.</summary>
internal static class DemoEnding
{
    public static void Write(CommandScope scope, DemoNetwork network, DemoScreen screen)
    {
        var nodes = network.Institutes.Select(institute => new
        {
            Institute = institute.Id,
            institute.Addresses.Own,
            institute.Addresses.Partner,
            Directory = institute.Location,
        });
        scope.Write(new { Passed = true, screen.Checks, Nodes = nodes }, console =>
        {
            screen.Begin($"All {screen.Checks.Count} checks held");
            var table = Tables.Create("institute", "own listener", "partner listener", "directory");
            foreach (var institute in network.Institutes)
                table.With(institute.Id, institute.Addresses.Own, institute.Addresses.Partner, institute.Location);
            console.Write(table);
        });
        scope.Output.Flush();
    }

    public static async Task WaitForStopAsync(CommandScope scope, DemoNetwork network, CancellationToken cancellationToken)
    {
        scope.Say("Talk to a node, for example:");
        scope.Console.WriteLines($"  {SelfCommand.Line} records list {GlobalOptions.Directory.Name} {network.Institutes[0].Location}");
        scope.Say("Ctrl-C ends the nodes.");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, scope.Clock, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // This is how the demo ends.
        }
    }
}
