using Spectre.Console.Rendering;

namespace Federation.Cli.Demo;

/// <summary>Waits until every partner holds exactly what it may see, and has confirmed it.</summary>
internal static class Convergence
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    /// <summary>Answers the disclosures that were found to hold.</summary>
    public static async Task<List<Disclosure>> WaitAsync(DemoNetwork network, DemoScreen screen, TimeProvider clock, CancellationToken cancellationToken)
    {
        List<Disclosure> disclosures = [];
        await screen.LiveAsync(redraw =>
            Eventually.NothingMissingAsync(screen, clock, Patience, () => FindMissingAsync(redraw), cancellationToken));
        return disclosures;

        async Task<string?> FindMissingAsync(Action<IRenderable> redraw)
        {
            if (network.Institutes.FirstOrDefault(institute => !institute.IsRunning) is { } ended)
                throw screen.Failed($"the node of {ended} has ended; its log is {ended.LogFile}.");
            var positions = await Positions.ReadAsync(network, cancellationToken);
            redraw(positions.ToTable());
            if (positions.FindUnsettled() is { } unsettled)
                return unsettled;
            disclosures = await Disclosures.ReadAsync(network, cancellationToken);
            return await ReceivedCopies.FindDifferenceAsync(disclosures, cancellationToken);
        }
    }
}
