using System.CommandLine;
using Federation.Cli.Output;

namespace Federation.Cli.Commands;

/// <summary><c>federation community …</c>: lists of institutes within which records may be passed on.</summary>
internal static class CommunityCommand
{
    public static Command Create() => new CommandWithExamples(
        "community",
        "Lists of institutes within which a partner may pass records on, where their handling says so.",
        "federation community set network network.txt",
        "federation community list")
    {
        CommunitySetCommand.Create(),
        CommunityListCommand.Create(),
    };
}
