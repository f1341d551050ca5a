using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using Federation.Cli.Commands;
using Federation.Cli.Output;

namespace Federation.Cli;

/// <summary>The composition root of the command-line tool.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        using var stop = new CancellationTokenSource();
        // Commands end their own child processes, so a signal asks and never kills.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        return await RunAsync(arguments, new InvocationConfiguration(), stop.Token);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Parses and runs one command line; what the tests call.</summary>
    public static async Task<int> RunAsync(string[] arguments, InvocationConfiguration configuration, CancellationToken cancellationToken)
    {
        configuration.ProcessTerminationTimeout = null;
        configuration.EnableDefaultExceptionHandler = false;
        var parsed = FederationCommand.Create().Parse(arguments);
        if (parsed.Action is not ParseErrorAction)
            return await parsed.InvokeAsync(configuration, cancellationToken);
        if (arguments.AsSpan().Contains("json"))
            return FailureText.WriteJson(configuration.Error, CommandFailureException.Usage(string.Join(' ', parsed.Errors.Select(error => error.Message))));
        await parsed.InvokeAsync(configuration, cancellationToken);
        return ExitCode.Usage;
    }
}
