using System.CommandLine;
using Federation.Cli.Output;

namespace Federation.Cli.Commands;

/// <summary><c>federation policy …</c>: what each partner gets, why, and since when.</summary>
internal static class PolicyCommand
{
    public static Command Create() => new CommandWithExamples(
        "policy",
        "Sharing policies: what each partner gets, why, and since when.",
        "federation policy diff jp jp.yaml",
        "federation policy apply jp jp.yaml")
    {
        PolicyCheckCommand.Create(),
        PolicyDiffCommand.Create(),
        PolicyApplyCommand.Create(),
        PolicyExplainCommand.Create(),
        PolicyViewAsCommand.Create(),
        PolicyHistoryCommand.Create(),
        PolicyShowCommand.Create(),
    };
}
