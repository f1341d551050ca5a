using System.CommandLine;
using System.CommandLine.Invocation;

namespace Federation.Cli.Output;

/// <summary>The usual help, and below it what the exit codes mean.</summary>
internal sealed class HelpWithExitCodes(SynchronousCommandLineAction help) : SynchronousCommandLineAction
{
    // Help is wanted whatever else is wrong with the command line.
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var result = help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Exit codes:");
        foreach (var (code, meaning) in ExitCode.All)
            output.WriteLine($"  {code,-4} {meaning}");
        return result;
    }
}
