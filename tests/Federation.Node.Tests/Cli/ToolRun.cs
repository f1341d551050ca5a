using System.CommandLine;

namespace Federation.Node.Tests.Cli;

/// <summary>One run of the tool inside the test's process.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    public static async Task<ToolRun> Of(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var configuration = new InvocationConfiguration { Output = output, Error = error };
        var exitCode = await Federation.Cli.Program.RunAsync(arguments, configuration, CancellationToken.None);
        return new ToolRun(exitCode, output.ToString(), error.ToString());
    }
}
