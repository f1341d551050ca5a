using Federation.Cli.Connection;
using Grpc.Core;

namespace Federation.Cli.Demo;

/// <summary>The demo from the first key to the last proof, in a bounded time.</summary>
internal sealed class DemoTour(DemoNetwork network, DemoScreen screen, IReadOnlyList<(string Id, string Name)> institutes, TimeProvider clock)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await RunStepsAsync(either.Token);
        }
        catch (Exception fault) when (fault is not CommandFailureException && limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw screen.Failed($"the demo did not end within {Limit.TotalMinutes:0} minutes.");
        }
        catch (RpcException refusal) when (!cancellationToken.IsCancellationRequested)
        {
            if (network.Institutes.FirstOrDefault(institute => !institute.IsRunning) is { } ended)
                throw screen.Failed($"the node of {ended} has ended; its log is {ended.LogFile}.");
            var failure = RpcFailures.Read(refusal);
            throw new CommandFailureException(failure.ExitCode, failure.Reason, $"{screen.Step}: {failure.Message}", failure.BadFields, refusal);
        }
    }

    private async Task RunStepsAsync(CancellationToken cancellationToken)
    {
        await DemoSetUp.StartAsync(network, screen, institutes, cancellationToken);
        await DemoSetUp.ConnectAsync(network, screen, cancellationToken);
        await DemoPublishing.RunAsync(network, screen, cancellationToken);

        screen.Begin("Each partner receives what its policy allows");
        var disclosures = await Convergence.WaitAsync(network, screen, clock, cancellationToken);
        DemoReceived.Show(screen, network, disclosures);
        DemoWithheld.Show(screen, disclosures);

        var choice = new DemoChoice(network.Institutes[0], disclosures);
        await DemoChanges.ReviseAsync(network, screen, clock, choice, cancellationToken);
        await DemoChanges.WithdrawAsync(network, screen, clock, choice, cancellationToken);
        await DemoNarrowing.RunAsync(network, screen, clock, choice, cancellationToken);
        await DemoPolicyChange.RunAsync(network, screen, clock, cancellationToken);
        await DemoVerification.RunAsync(network, screen, clock, cancellationToken);
    }
}
