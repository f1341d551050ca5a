using System.CommandLine;
using Federation.Cli.Demo;

namespace Federation.Cli.Commands;

/// <summary><c>federation demo</c>: several institutes on this machine, exchanging the samples.</summary>
internal static class DemoCommand
{
    private static readonly Option<bool> Once = new("--once")
    {
        Description = "End by itself; the exit code is 0 only if everything that is shown was checked.",
    };

    private static readonly Option<int> Institutes = new("--institutes")
    {
        Description = $"How many institutes, {DemoInstitutes.Fewest} to {DemoInstitutes.Most}.",
        HelpName = "N",
        DefaultValueFactory = _ => DemoInstitutes.Fewest,
    };

    public static Command Create()
    {
        var command = new Command(
            "demo",
            "Starts institutes as separate processes on loopback with throw-away keys, lets them exchange the samples, and shows and checks "
            + "what each received. Files go to a temporary directory, or to --dir, where they stay.")
        {
            Once, Institutes,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var count = scope.Get(Institutes);
        if (count is < DemoInstitutes.Fewest or > DemoInstitutes.Most)
            throw CommandFailureException.Usage($"--institutes takes {DemoInstitutes.Fewest} to {DemoInstitutes.Most}.");
        // Only the option: a demo must not fill the directory of a real node that FEDERATION_DIR names.
        using var place = DemoPlace.Open(scope.Get(GlobalOptions.Directory));
        try
        {
            await RunAsync(scope, new DemoScreen(scope), place.Location, DemoInstitutes.Take(count), cancellationToken);
            return ExitCode.Ok;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            place.Keep();
            await scope.Error.WriteLineAsync($"The demo's files and its nodes' logs stay in {place.Location}.");
            throw;
        }
    }

    private static async Task RunAsync(
        CommandScope scope, DemoScreen screen, string location, IReadOnlyList<(string Id, string Name)> institutes, CancellationToken cancellationToken)
    {
        await using var network = new DemoNetwork(location, scope.Clock);
        await new DemoTour(network, screen, institutes, scope.Clock).RunAsync(cancellationToken);
        DemoEnding.Write(scope, network, screen);
        if (!scope.Get(Once))
            await DemoEnding.WaitForStopAsync(scope, network, cancellationToken);
    }
}
