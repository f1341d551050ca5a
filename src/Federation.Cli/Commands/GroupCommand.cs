using System.CommandLine;
using Federation.Cli.Output;

namespace Federation.Cli.Commands;

/// <summary><c>federation group …</c>: groups of institutes that audiences and policies name.</summary>
internal static class GroupCommand
{
    public static Command Create() => new CommandWithExamples(
        "group",
        "Groups of institutes, which audiences and policies name. No partner sees who is in one.",
        "federation group set network jp sg uk",
        "federation group list")
    {
        GroupSetCommand.Create(),
        GroupDiffCommand.Create(),
        GroupListCommand.Create(),
    };
}
