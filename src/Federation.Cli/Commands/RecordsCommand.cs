using System.CommandLine;

namespace Federation.Cli.Commands;

/// <summary><c>federation records …</c>: reading records.</summary>
internal static class RecordsCommand
{
    public static Command Create() => new("records", "Own and received records.")
    {
        RecordsListCommand.Create(),
        RecordsGetCommand.Create(),
        RecordsWatchCommand.Create(),
        RecordsHoldersCommand.Create(),
    };
}
