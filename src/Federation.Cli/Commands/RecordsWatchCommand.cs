using System.CommandLine;
using Federation.Cli.Output;
using Federation.V1.Node;
using Federation.V1.Records;
using Grpc.Core;

namespace Federation.Cli.Commands;

/// <summary><c>federation records watch</c>: changes as they happen.</summary>
internal static class RecordsWatchCommand
{
    private const int MaxTitle = 80;

    private static readonly Option<string> Cursor = new("--cursor")
    {
        Description = "Go on after this cursor, as an earlier watch printed it; otherwise everything is sent from the beginning.",
        HelpName = "CURSOR",
    };

    private static readonly Option<bool> UntilUpToDate = new("--until-up-to-date")
    {
        Description = "End when everything up to now was seen.",
    };

    public static Command Create()
    {
        var command = new Command("watch", "Prints changes of own and received records until Ctrl-C, one a line; as JSON lines for programs.")
        {
            Cursor, UntilUpToDate,
        };
        RecordFilterOptions.AddTo(command);
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var request = new WatchRecordsRequest { Filter = RecordFilterOptions.Read(scope), Cursor = scope.Get(Cursor) ?? "" };
        using var node = scope.Connect();
        using var call = node.Records.WatchRecords(request, cancellationToken: cancellationToken);
        try
        {
            await foreach (var change in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                scope.WriteLine(scope.IsJson ? JsonText.Line(change) : Line(change));
                if (change.Event == RecordEvent.UpToDate && scope.Get(UntilUpToDate))
                    return ExitCode.Ok;
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how a watch ends.
        }
        return ExitCode.Ok;
    }

    private static string Line(WatchRecordsResponse change)
    {
        var name = EnumText<RecordEvent>.Of(change.Event);
        if (change.Record is not { } record)
            return $"{name}  cursor {change.Cursor}";
        var title = SafeText.Short(record.Envelope?.Title, MaxTitle);
        return $"{name,-8} {SafeText.Of(record.Origin)}/{SafeText.Of(record.RecordId)} {EnumText<RecordKind>.Of(record.Kind)} {title}".TrimEnd();
    }
}
