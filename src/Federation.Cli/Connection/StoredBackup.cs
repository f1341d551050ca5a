using System.Diagnostics;
using System.Text.Json;
using Federation.Cli.Output;

namespace Federation.Cli.Connection;

/// <summary>Lets the node's program, which alone knows the store, check a backup or restore one, and shows what it found.</summary>
internal static class StoredBackup
{
    public static async Task<int> RunAsync(
        CommandScope scope, string verb, string directory, string data, string? keys, string conclusion, CancellationToken cancellationToken)
    {
        var start = NodeProgram.StartInfo(directory);
        start.ArgumentList.Add(verb);
        start.ArgumentList.Add(data);
        start.ArgumentList.Add(keys is null ? data : Path.GetFullPath(keys));
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start) ?? throw CommandFailureException.Unreachable("The node's program could not be started.");
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        finally
        {
            // A file appears only once it is whole: ending the program at any moment leaves none behind.
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        if (process.ExitCode != ExitCode.Ok)
            throw Failure(process.ExitCode, (await error).Trim());
        Show(scope, await output, conclusion);
        return ExitCode.Ok;
    }

    private static CommandFailureException Failure(int exitCode, string message) => exitCode switch
    {
        ExitCode.VerificationFailed => CommandFailureException.Unverified(message),
        ExitCode.Usage => CommandFailureException.Usage(message),
        _ => new CommandFailureException(ExitCode.Refused, "REFUSED", message),
    };

    private static void Show(CommandScope scope, string json, string conclusion)
    {
        using var manifest = JsonDocument.Parse(json);
        var (root, content) = (manifest.RootElement, manifest.RootElement.GetProperty("content"));
        scope.Write(root, console =>
        {
            console.Facts(
                ("backup", root.GetProperty("backup").GetString()),
                ("institute", root.GetProperty("institute").GetString()),
                ("taken at", root.GetProperty("takenAt").GetString()),
                ("records", $"{content.GetProperty("records")}, {content.GetProperty("keys")} with keys"));
            var table = Tables.Create("ledger", "with", "entries");
            foreach (var ledger in content.GetProperty("ledgers").EnumerateArray())
                table.With(ledger.GetProperty("outbound").GetBoolean() ? "own" : "followed", ledger.GetProperty("partner").GetString(), ledger.GetProperty("size"));
            console.Write(table);
        });
        scope.Say(conclusion);
    }
}
