using System.CommandLine;
using Federation.Cli.Output;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation reconcile PARTNER</c>: do both sides hold the same.</summary>
internal static class ReconcileCommand
{
    private static readonly Argument<string> Partner = new("PARTNER") { Description = "The partner's institute id." };

    public static Command Create()
    {
        var command = new Command(
            "reconcile",
            "Compares both ledgers with a partner with what the partner's node holds, and names the first entry that differs; "
                + $"the exit code is {ExitCode.VerificationFailed} if one does.")
        {
            Partner,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var partner = scope.Get(Partner);
        using var node = scope.Connect();
        var answer = await node.Operator.ReconcilePartnerAsync(new ReconcilePartnerRequest { Partner = partner }, node.Sweep(cancellationToken));
        scope.Write(answer, console => console.WriteLines(ReconcileProse.Of(partner, answer)));
        var results = new[] { answer.Outbound, answer.Inbound }.OfType<LedgerComparison>().Select(comparison => comparison.Result).ToList();
        if (results.Contains(ComparisonResult.Differs))
            throw CommandFailureException.Unverified($"The ledgers with {partner} differ.");
        return results.Contains(ComparisonResult.NotCompared)
            ? throw CommandFailureException.Unreachable($"The node of {partner} could not be asked.")
            : ExitCode.Ok;
    }
}
