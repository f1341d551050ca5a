using System.CommandLine;
using Federation.Cli.Output;
using Federation.Cli.Publishing;
using Federation.Cli.RecordFiles;

namespace Federation.Cli.Commands;

/// <summary><c>federation publish FILE|DIR…</c>: publishes records.</summary>
internal static class PublishCommand
{
    private static readonly Argument<string[]> Paths = new("FILE|DIR")
    {
        Description = "Records in protobuf JSON (RecordDraft): one a .json file, one a line in .jsonl; or directories of such files.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> Idempotent = new("--idempotent")
    {
        Description = "Give each record a key made of its file's digest, so that publishing the same file again within 7 days writes nothing.",
    };

    public static Command Create()
    {
        var command = new Command("publish", "Publishes records. One that is refused stops no other.") { Paths, Idempotent };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var files = DraftFiles.Find(scope.Get(Paths));
        using var node = scope.Connect();
        var summary = new PublishSummary();
        await ProgressBar.RunAsync(scope, "Publishing", files.Sum(file => (double)new FileInfo(file).Length), advance =>
            new BulkPublisher(node).PublishAsync(
                DraftFiles.ReadAsync(files, scope.Get(Idempotent), cancellationToken),
                outcome =>
                {
                    summary.Add(outcome);
                    advance(outcome.Source.SizeBytes);
                },
                cancellationToken));
        return summary.Write(scope, "published");
    }
}
