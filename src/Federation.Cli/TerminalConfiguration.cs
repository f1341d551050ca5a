using System.CommandLine;
using Spectre.Console;

namespace Federation.Cli;

/// <summary>A run at a terminal that is given, rather than at the process's own.</summary>
internal sealed class TerminalConfiguration(IAnsiConsole terminal) : InvocationConfiguration
{
    /// <summary>Where tables go, and where a person is asked.</summary>
    public IAnsiConsole Terminal { get; } = terminal;
}
