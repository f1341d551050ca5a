using System.CommandLine;
using Federation.Cli.Connection;
using Federation.Cli.Output;
using Federation.V1.Node;
using Grpc.Core;

namespace Federation.Cli.Commands;

/// <summary><c>federation backup DIR</c>: a consistent copy of a running node's store; <c>backup check</c> verifies one without a node.</summary>
internal static class BackupCommand
{
    private static readonly Argument<string> Place = new("DIR") { Description = "The directory for the data, on the node's machine; it is made if it is missing." };

    private static readonly Argument<string> Data = new("DIR") { Description = "The directory that 'backup' wrote the data to." };

    /// <summary>Where the keys of records lie, apart from the data.</summary>
    public static Option<string> Keys { get; } = new("--keys")
    {
        Description = "The directory for the keys of records; otherwise that of the data. Keep keys for a shorter time than data.",
        HelpName = "DIR",
    };

    public static Command Create()
    {
        var check = new CommandWithExamples(
            "check",
            "Verifies a backup without a running node: digests, both databases, that they belong together, and that every record has its key.",
            "federation backup check /var/backups/uk/monday --keys /var/backups/uk-keys/monday")
        {
            Data, Keys,
        };
        check.Runs(CheckAsync);
        var command = new CommandWithExamples(
            "backup",
            "Copies a running node's store, as of one moment, into two files: the keys of records with all that stands in the clear (titles, topics, "
            + "histories, evidence), and the data without them. Once the keys of a time are destroyed, no content in the data of that time can be "
            + "read: so an erasure reaches backups. The institute's own keys (keys/, own-ca/, "
            + "clients/) and node.json are not in it: they change rarely; keep copies of them offline.",
            "federation backup /var/backups/uk/monday --keys /var/backups/uk-keys/monday",
            "federation backup /var/backups/uk/monday")
        {
            Place, Keys, check,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var place = Path.GetFullPath(scope.Get(Place));
        var request = new CreateBackupRequest { Directory = place, KeysDirectory = scope.Get(Keys) is { } keys ? Path.GetFullPath(keys) : "" };
        using var call = node.Operator.CreateBackup(request, cancellationToken: cancellationToken);
        BackupSummary? done = null;
        await ProgressBar.RunAsync(scope, "Backup", 100, async report =>
        {
            var shown = 0.0;
            await foreach (var answer in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                done = answer.Done;
                var percent = answer.TotalBytes == 0 ? shown : Math.Min(100, 100.0 * answer.WrittenBytes / answer.TotalBytes);
                report(Math.Max(0, percent - shown));
                shown = Math.Max(shown, percent);
            }
        });
        if (done is null)
            throw CommandFailureException.Unreachable("The node ended the call before the backup was whole.");
        scope.Write(done, console => console.Facts(
            ("backup", done.Backup),
            ("taken at", done.TakenAt),
            ("records", $"{done.Records}, {done.Keys} with keys"),
            ("data", $"{done.DataFile}, {done.DataBytes} bytes"),
            ("keys", $"{done.KeysFile}, {done.KeysBytes} bytes"),
            ("check it with", $"federation backup check {place}{(request.KeysDirectory.Length == 0 ? "" : $" --keys {request.KeysDirectory}")}")));
        return ExitCode.Ok;
    }

    private static Task<int> CheckAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var place = Path.GetFullPath(scope.Get(Data));
        return StoredBackup.RunAsync(scope, "check-backup", Path.GetFullPath("."), place, scope.Get(Keys), "The backup is whole.", cancellationToken);
    }
}
