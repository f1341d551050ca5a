using System.CommandLine;
using Federation.Cli.Connection;
using Federation.Cli.Output;

namespace Federation.Cli.Commands;

/// <summary><c>federation records list</c>: pages through records.</summary>
internal static class RecordsListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "Lists records in the order of their latest change.") { ListLimit.Option };
        RecordFilterOptions.AddTo(command);
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var limit = ListLimit.Read(scope);
        var filter = RecordFilterOptions.Read(scope);
        using var node = scope.Connect();
        var listing = new RecordListing(scope);
        await foreach (var page in RecordPages.ReadAsync(node, filter, limit.Most, cancellationToken))
        {
            listing.Write(page.Records);
            if (page.NextPageToken.Length > 0 && limit.IsReached(listing.Count))
                scope.Say(ListLimit.ThereAreMore);
        }
        listing.End();
        return ExitCode.Ok;
    }
}
