using System.CommandLine;
using Federation.Cli.Output;
using Federation.V1.Node;

namespace Federation.Cli.Commands;

/// <summary><c>federation evidence submit</c>: hands two objects that contradict each other to a partner.</summary>
internal static class EvidenceSubmitCommand
{
    private static readonly Argument<ulong> Number = new("NUMBER") { Description = "The number by which evidence list shows it." };

    private static readonly Argument<string> Partner = new("PARTNER") { Description = "The institute id of the partner that it is handed to." };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "submit",
            "Hands a partner the two signed objects in a piece of evidence that contradict each other; they name records and show no content.",
            "federation evidence submit 3 jp")
        {
            Number, Partner,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var partner = scope.Arguments.GetValue(Partner)!;
        using var node = scope.Connect();
        var request = new SubmitEvidenceRequest { Number = scope.Arguments.GetValue(Number), Partner = partner };
        var response = await node.Operator.SubmitEvidenceAsync(request, node.Unary(cancellationToken));
        if (!response.Taken)
            throw new CommandFailureException(ExitCode.Refused, "NOT_TAKEN", $"{partner} has not taken it: {response.Refusal}");
        scope.Write(response, _ => scope.Say($"{partner} has taken it."));
        return ExitCode.Ok;
    }
}
