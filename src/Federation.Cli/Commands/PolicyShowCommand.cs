using System.CommandLine;
using Federation.Cli.Connection;
using Federation.Cli.Output;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation policy show PARTNER</c>: a policy as the node keeps it.</summary>
internal static class PolicyShowCommand
{
    private static readonly Argument<string> Partner = new("PARTNER") { Description = "The partner's institute id." };

    private static readonly Option<ulong?> Epoch = new("--epoch") { Description = "The policy's epoch; otherwise the one in force.", HelpName = "N" };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "show",
            "Prints a policy as it was applied: the one in force, or an earlier one.",
            "federation policy show jp",
            "federation policy show jp --epoch 3")
        {
            Partner, Epoch,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var policy = await FindAsync(node, scope.Get(Partner), scope.Get(Epoch), cancellationToken);
        if (scope.IsJson)
            scope.WriteLine(JsonText.Of(policy));
        else if (scope.IsInteractive)
            WriteSafely(scope.Output, policy.Policy);
        else
            await scope.Output.WriteAsync(policy.Policy.AsMemory(), cancellationToken);
        return ExitCode.Ok;
    }

    // Into a file byte by byte; a terminal would obey what somebody may have written into a comment.
    private static void WriteSafely(TextWriter output, string policy)
    {
        foreach (var line in policy.TrimEnd().Split('\n'))
            output.WriteLine(SafeText.Of(line));
    }

    private static async Task<PolicyVersion> FindAsync(NodeConnection node, string partner, ulong? epoch, CancellationToken cancellationToken)
    {
        await foreach (var policy in PolicyPages.ReadAsync(node, partner, cancellationToken))
        {
            if (epoch is null || policy.Epoch == epoch)
                return policy;
        }
        var message = epoch is null ? $"No policy was ever in force for {partner}: it gets nothing." : $"There is no policy of epoch {epoch} for {partner}.";
        throw new CommandFailureException(ExitCode.Refused, "POLICY_NOT_FOUND", message);
    }
}
