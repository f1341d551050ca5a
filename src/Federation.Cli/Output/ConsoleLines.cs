using Spectre.Console;

namespace Federation.Cli.Output;

/// <summary>Plain sentences on a console, without markup.</summary>
internal static class ConsoleLines
{
    public static void WriteLines(this IAnsiConsole console, params IEnumerable<string> lines)
    {
        foreach (var line in lines)
            console.WriteLine(SafeText.Of(line));
    }
}
