using System.CommandLine;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation ledger checkpoint PARTNER</c>: the ledger's head as a C2SP tlog-checkpoint.</summary>
internal static class LedgerCheckpointCommand
{
    private static readonly Argument<string> Partner = new("PARTNER") { Description = "The partner's institute id." };

    private static readonly Option<bool> Key = new("--key") { Description = "Write the key that verifies it instead, as signed notes name keys." };

    public static Command Create()
    {
        var command = new Command("checkpoint", "Writes the head of the ledger for a partner as C2SP tlog-checkpoint text, signed, for an auditor.") { Partner, Key };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        using var node = scope.Connect();
        var answer = await node.Operator.SignCheckpointAsync(new SignCheckpointRequest { Partner = scope.Get(Partner) }, node.Unary(cancellationToken));
        if (scope.IsJson)
            scope.Write(answer, _ => { });
        else
            scope.WriteLine(scope.Get(Key) ? answer.VerifierKey : answer.Note.TrimEnd('\n'));
        return ExitCode.Ok;
    }
}
