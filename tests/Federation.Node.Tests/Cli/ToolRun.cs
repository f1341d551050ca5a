using System.CommandLine;
using Federation.Cli;

namespace Federation.Node.Tests.Cli;

/// <summary>One run of the tool inside the test's process.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    public static async Task<ToolRun> Of(params string[] arguments)
    {
        using var output = new StringWriter();
        return await RunAsync(arguments, new InvocationConfiguration { Output = output }, output);
    }

    /// <summary>A run at a terminal where somebody presses keys.</summary>
    public static async Task<ToolRun> AtTerminal(string keys, params string[] arguments)
    {
        using var output = new StringWriter();
        return await RunAsync(arguments, new TerminalConfiguration(new ScriptedTerminal(output, keys)) { Output = output }, output);
    }

    private static async Task<ToolRun> RunAsync(string[] arguments, InvocationConfiguration configuration, StringWriter output)
    {
        using var error = new StringWriter();
        configuration.Error = error;
        var exitCode = await Federation.Cli.Program.RunAsync(arguments, configuration, CancellationToken.None);
        return new ToolRun(exitCode, output.ToString(), error.ToString());
    }
}
