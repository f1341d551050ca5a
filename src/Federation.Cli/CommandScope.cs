using System.CommandLine;
using Federation.Cli.Connection;
using Federation.Cli.Output;
using Spectre.Console;

namespace Federation.Cli;

/// <summary>What one command works with: its arguments, where it writes, and the node it talks to.</summary>
internal sealed class CommandScope
{
    private const int RedirectedWidth = 160;

    public CommandScope(ParseResult arguments)
    {
        Arguments = arguments;
        Format = arguments.GetValue(GlobalOptions.Output);
        Output = arguments.InvocationConfiguration.Output;
        Error = arguments.InvocationConfiguration.Error;
        var given = (arguments.InvocationConfiguration as TerminalConfiguration)?.Terminal;
        Console = IsJson ? CreateConsole(TextWriter.Null) : given ?? CreateConsole(Output);
        var isAtTerminal = given is not null || (!System.Console.IsInputRedirected && !System.Console.IsOutputRedirected);
        IsInteractive = !IsJson && Console.Profile.Capabilities.Interactive && isAtTerminal;
    }

    public ParseResult Arguments { get; }

    public OutputFormat Format { get; }

    public bool IsJson => Format == OutputFormat.Json;

    /// <summary>Whether a person sits at a terminal and can be asked.</summary>
    public bool IsInteractive { get; }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    /// <summary>Where tables go; with JSON output they go nowhere.</summary>
    public IAnsiConsole Console { get; }

    public TimeProvider Clock { get; } = TimeProvider.System;

    public T? Get<T>(Option<T> option) => Arguments.GetValue(option);

    public T Get<T>(Argument<T> argument) => Arguments.GetRequiredValue(argument);

    /// <summary>The node's directory, which must have been made by <c>init</c>.</summary>
    public NodeDirectory OpenDirectory() => NodeDirectory.Open(GlobalOptions.DirectoryOf(Arguments));

    /// <summary>A connection to the node's own listener.</summary>
    public NodeConnection Connect() => NodeConnection.Open(OpenDirectory(), Get(GlobalOptions.Client), Clock);

    /// <summary>Writes what a command found: as JSON, or as people read it.</summary>
    public void Write(object result, Action<IAnsiConsole> show)
    {
        if (IsJson)
            Output.WriteLine(JsonText.Of(result));
        else
            show(Console);
    }

    /// <summary>Writes a line as it is, for people and programs alike.</summary>
    public void WriteLine(string line) => Output.WriteLine(line);

    /// <summary>Writes a sentence for people; nothing with JSON output.</summary>
    public void Say(string text) => Console.WriteLine(text);

    private static IAnsiConsole CreateConsole(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (System.Console.IsOutputRedirected || writer != System.Console.Out)
            console.Profile.Width = RedirectedWidth;
        return console;
    }
}
