using System.CommandLine;
using Federation.Cli.Connection;
using Federation.Cli.Output;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation records list</c>: pages through records.</summary>
internal static class RecordsListCommand
{
    private const int DefaultLimit = 100;

    private static readonly Option<int> Limit = new("--limit")
    {
        Description = "The most records that are listed; 0 means all.",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultLimit,
    };

    public static Command Create()
    {
        var command = new Command("list", "Lists records in the order of their latest change.") { Limit };
        RecordFilterOptions.AddTo(command);
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var limit = scope.Get(Limit);
        if (limit < 0)
            throw CommandFailureException.Usage("--limit takes 0 or more.");
        var filter = RecordFilterOptions.Read(scope);
        using var node = scope.Connect();
        // A page is written before the next is asked for, so that any number of records takes the memory of one page.
        var count = 0;
        await foreach (var page in RecordPages.ReadAsync(node, filter, limit, cancellationToken))
        {
            if (scope.IsJson)
                WriteJson(scope.Output, page.Records, count);
            else
                scope.Console.Write(RecordTable.Create(page.Records));
            count += page.Records.Count;
            if (limit != 0 && count >= limit && page.NextPageToken.Length > 0)
                scope.Say("There are more; --limit 0 lists all.");
        }
        if (scope.IsJson)
            scope.WriteLine(count == 0 ? "[]" : "\n]");
        return ExitCode.Ok;
    }

    private static void WriteJson(TextWriter output, IEnumerable<RecordView> records, int before)
    {
        foreach (var record in records)
        {
            output.Write(before++ == 0 ? "[\n" : ",\n");
            output.Write(JsonText.Line(record));
        }
    }
}
