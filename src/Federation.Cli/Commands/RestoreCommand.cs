using System.CommandLine;
using Federation.Cli.Connection;
using Federation.Cli.Output;

namespace Federation.Cli.Commands;

/// <summary><c>federation restore DIR</c>: makes the store of a stopped node out of a backup.</summary>
internal static class RestoreCommand
{
    private static readonly Argument<string> Data = new("DIR") { Description = "The directory of the backup's data." };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "restore",
            "Makes the store of a node whose data directory has none out of a backup; the node does not run. The backup is checked first, and nothing is "
            + "overwritten. node.json and the institute's keys have to be in their places: they are not in a backup.",
            "federation restore /var/backups/uk/monday --keys /var/backups/uk-keys/monday")
        {
            Data, BackupCommand.Keys,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var directory = scope.OpenDirectory();
        return StoredBackup.RunAsync(
            scope,
            "restore-backup",
            directory.Location,
            Path.GetFullPath(scope.Get(Data)),
            scope.Get(BackupCommand.Keys),
            "The store is restored. What partners were told since the backup is found out at the first contact with each.",
            cancellationToken);
    }
}
