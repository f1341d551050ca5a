using System.CommandLine;
using Federation.Cli.Connection;
using Federation.Cli.Output;
using Federation.Protocol.Errors;
using Federation.V1.Node;
using Grpc.Core;
using Spectre.Console;

namespace Federation.Cli.Commands;

/// <summary>A change of sharing, which the node refuses if it concerns much and nobody has said yes to that.</summary>
internal static class SharingConfirmation
{
    public static Option<bool> Yes { get; } = new("--yes") { Description = "Do it without asking, however many records it concerns." };

    /// <summary>Makes the change; if the node wants it confirmed, shows the counts and asks whoever sits at the terminal.</summary>
    /// <param name="scope">The command's scope.</param>
    /// <param name="dryRun">The command line that shows what the change would do.</param>
    /// <param name="change">Asks the node for the change, confirmed or not.</param>
    /// <param name="count">Asks the node how much would change for each partner.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<T> RunAsync<T>(
        CommandScope scope,
        string dryRun,
        Func<bool, Task<T>> change,
        Func<Task<List<(string Partner, DisclosureCounts Counts)>>> count,
        CancellationToken cancellationToken)
    {
        if (scope.Get(Yes))
            return await change(true);
        try
        {
            return await change(false);
        }
        catch (RpcException refusal) when (IsUnconfirmed(refusal))
        {
            if (!scope.IsInteractive)
            {
                var failure = RpcFailures.Read(refusal);
                var message = $"{failure.Message.TrimEnd('.')}. Nothing was changed. Look at it with '{dryRun}', then give --yes.";
                throw new CommandFailureException(failure.ExitCode, failure.Reason, message, failure.BadFields, refusal);
            }
        }
        scope.Console.Write(DisclosureTables.Counts(await count()));
        if (!await scope.Console.ConfirmAsync("Do it?", false, cancellationToken))
            throw new CommandFailureException(ExitCode.Refused, "NOT_CONFIRMED", "Nothing was changed.");
        return await change(true);
    }

    private static bool IsUnconfirmed(RpcException refusal) =>
        FederationError.TryRead(refusal, out var reason, out _) && reason == FederationReason.ConfirmationRequired;
}
