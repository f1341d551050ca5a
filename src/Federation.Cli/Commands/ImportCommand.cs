using System.CommandLine;
using Federation.Cli.Output;
using Federation.Cli.Publishing;
using Federation.Formats;

namespace Federation.Cli.Commands;

/// <summary><c>federation import FORMAT PATH</c>: publishes records made from files of a public format.</summary>
internal static class ImportCommand
{
    private static readonly Argument<string> Format = FormatArgument();

    private static readonly Argument<string> Location = new("PATH") { Description = "A file, or a directory of which every file is read." };

    private static readonly Option<string> Marking = MarkingOption();

    private static readonly Option<string[]> Topics = new("--topic") { Description = "A topic for every record; may be repeated.", HelpName = "CODE" };

    private static readonly Option<string[]> Audience = new("--audience")
    {
        Description = "An institute that may see the records; may be repeated. None means no restriction.",
        HelpName = "INSTITUTE",
    };

    public static Command Create()
    {
        var command = new Command("import", "Imports files of a public format. A file that is known and unchanged is left alone.")
        {
            Format, Location, Marking, Topics, Audience,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static Argument<string> FormatArgument()
    {
        var argument = new Argument<string>("FORMAT") { Description = string.Join(", ", Importers.Formats) + "." };
        argument.AcceptOnlyFromAmong([.. Importers.Formats]);
        return argument;
    }

    private static Option<string> MarkingOption()
    {
        var option = new Option<string>("--marking")
        {
            Description = "The marking of every record (TLP 2.0); there is no default.",
            HelpName = string.Join('|', MarkingText.All),
            Required = true,
        };
        option.CompletionSources.Add(MarkingText.All);
        return option;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        if (!MarkingText.TryParse(scope.Get(Marking)!, out var marking))
            throw CommandFailureException.Usage($"{scope.Get(Marking)} is not a marking: {string.Join(", ", MarkingText.All)}.");
        var handling = new ImportHandling(marking, scope.Get(Audience) ?? [], scope.Get(Topics) ?? []);
        var import = new ImportSet(scope.Get(Format), scope.Get(Location), handling);
        using var node = scope.Connect();
        var summary = new PublishSummary();
        await ProgressBar.RunAsync(scope, "Importing", import.SizeBytes, advance =>
            new BulkPublisher(node).PublishAsync(
                import.ReadAsync(cancellationToken),
                outcome =>
                {
                    summary.Add(outcome);
                    advance(outcome.Source.SizeBytes);
                },
                cancellationToken));
        return summary.Write(scope, "imported");
    }
}
