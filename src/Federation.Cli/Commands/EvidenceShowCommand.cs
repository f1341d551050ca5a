using System.CommandLine;
using Federation.Cli.Output;
using Federation.V1.Node;
using Spectre.Console;

namespace Federation.Cli.Commands;

/// <summary><c>federation evidence show</c>: one piece of evidence, each of its objects in words.</summary>
internal static class EvidenceShowCommand
{
    private static readonly Argument<ulong> Number = new("NUMBER") { Description = "The number by which evidence list shows it." };

    public static Command Create()
    {
        var command = new CommandWithExamples(
            "show",
            "Says what each object of a piece of evidence is; with --output json with the objects themselves (base64).",
            "federation evidence show 3")
        {
            Number,
        };
        command.Runs(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var number = scope.Arguments.GetValue(Number);
        using var node = scope.Connect();
        var item = await FindAsync(scope, node, number, cancellationToken);
        scope.Write(item, console =>
        {
            console.Facts(("evidence", item.Number), ("partner", item.Partner), ("kept", item.At), ("fault", item.Fault), ("detail", item.Detail), ("handed over by", item.SubmittedBy));
            foreach (var kept in item.TypedObjects)
            {
                console.Write(new Rule(SafeText.Of(EvidenceText.NameOf(kept.Kind)).EscapeMarkup()) { Justification = Justify.Left });
                console.Facts([.. EvidenceText.Describe(kept)]);
            }
        });
        return ExitCode.Ok;
    }

    /// <summary>The evidence of a number, or a refusal.</summary>
    public static async Task<EvidenceItem> FindAsync(CommandScope scope, Connection.NodeConnection node, ulong number, CancellationToken cancellationToken)
    {
        var request = new ListEvidenceRequest { PageSize = 1, PageToken = number > 1 ? $"{number - 1}" : "" };
        var page = number == 0 ? new ListEvidenceResponse() : await node.Operator.ListEvidenceAsync(request, node.Unary(cancellationToken));
        return page.Items.FirstOrDefault(found => found.Number == number)
            ?? throw new CommandFailureException(ExitCode.Refused, "RECORD_NOT_FOUND", $"There is no evidence {number}; federation evidence list shows what there is.");
    }
}
