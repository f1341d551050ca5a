using System.CommandLine;
using Federation.Cli.Connection;
using Federation.Cli.Output;
using Grpc.Core;

namespace Federation.Cli;

/// <summary>Runs a command's action and turns every way it can end into an exit code.</summary>
internal static class CommandActions
{
    public static void Runs(this Command command, Func<CommandScope, CancellationToken, Task<int>> action) =>
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments, action, cancellationToken));

    private static async Task<int> RunAsync(
        ParseResult arguments, Func<CommandScope, CancellationToken, Task<int>> action, CancellationToken cancellationToken)
    {
        var scope = new CommandScope(arguments);
        try
        {
            return await action(scope, cancellationToken);
        }
        catch (CommandFailureException failure)
        {
            return FailureText.Write(scope, failure);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Whatever surfaced first, the person asked for the end.
            return ExitCode.Stopped;
        }
        catch (RpcException refusal)
        {
            return FailureText.Write(scope, RpcFailures.Read(refusal));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return FailureText.Write(scope, CommandFailureException.Usage(fault.Message));
        }
    }
}
