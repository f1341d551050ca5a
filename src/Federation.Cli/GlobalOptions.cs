using System.CommandLine;

namespace Federation.Cli;

/// <summary>The options that every command has.</summary>
internal static class GlobalOptions
{
    /// <summary>The environment variable that names the node's directory.</summary>
    public const string DirectoryVariable = "FEDERATION_DIR";

    public static Option<string> Directory { get; } = new("--dir")
    {
        Description = $"The node's directory; otherwise {DirectoryVariable}, otherwise the current directory.",
        HelpName = "DIR",
        Recursive = true,
    };

    public static Option<string> Client { get; } = new("--client")
    {
        Description = "The client certificate and key (PEM) to call with; otherwise clients/operator.pem of the node's directory.",
        HelpName = "FILE",
        Recursive = true,
    };

    public static Option<OutputFormat> Output { get; } = OutputOption();

    /// <summary>The directory that the command line and the environment name.</summary>
    public static string DirectoryOf(ParseResult arguments)
    {
        if (arguments.GetValue(Directory) is { Length: > 0 } named)
            return Path.GetFullPath(named);
        var variable = Environment.GetEnvironmentVariable(DirectoryVariable);
        return Path.GetFullPath(string.IsNullOrEmpty(variable) ? "." : variable);
    }

    private static Option<OutputFormat> OutputOption()
    {
        var option = new Option<OutputFormat>("--output")
        {
            Description = "table (the default) for people, json for programs.",
            HelpName = "table|json",
            Recursive = true,
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add("table", "json");
        return option;
    }
}
