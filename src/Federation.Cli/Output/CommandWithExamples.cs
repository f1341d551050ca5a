using System.CommandLine;

namespace Federation.Cli.Output;

/// <summary>A command whose help shows command lines that people can start from.</summary>
/// <param name="name">The command's name.</param>
/// <param name="description">What it does, for the help.</param>
/// <param name="examples">Whole command lines, each starting with the tool's name.</param>
internal sealed class CommandWithExamples(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;
}
