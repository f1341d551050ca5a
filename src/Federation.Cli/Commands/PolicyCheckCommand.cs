using System.CommandLine;
using Federation.Cli.Output;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation policy check FILE</c>: whether a policy compiles and its own examples hold.</summary>
internal static class PolicyCheckCommand
{
    private static readonly Argument<string> File = new("FILE") { Description = "The policy (YAML)." };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "check",
            "Compiles a policy, runs the examples in it, and stores nothing. Two spellings of one policy have the same class.",
            "federation policy check jp.yaml")
        {
            File,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var policy = await PolicyFile.ReadAsync(scope.Get(File), cancellationToken);
        using var node = scope.Connect();
        var request = new CheckPolicyRequest { Policy = policy.Text, FileName = policy.Name };
        var answer = await node.Operator.CheckPolicyAsync(request, node.Unary(cancellationToken));
        scope.Write(answer, console => console.Facts(("policy", policy.Name), ("rules", answer.Rules), ("class", HashText.Of(answer.ClassHash))));
        return ExitCode.Ok;
    }
}
