using Federation.Node.Storage;

namespace Federation.Node.Operations;

/// <summary>
/// Reads slowly, again and again, everything that signatures rest on (R23): bits rot where nobody looks. A pass begins an hour after the last
/// one, or when an operator wants it, and goes on where the process ended. It reads at most some thousands of entries a second.
/// </summary>
internal sealed class Scrubber(INodeStore store, ScrubTasks tasks, ScrubBoard board, TimeProvider time, ILogger<Scrubber> logger) : BackgroundService
{
    private const int StepsBetweenNotes = 64;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PassPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan StepPause = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        await ListAsync(stoppingToken);
        while (true)
        {
            await WaitAsync(pause, stoppingToken);
            try
            {
                await PassAsync(stoppingToken);
            }
            catch (StoreFullException)
            {
                // What was found stands in the log; the next pass finds it again.
                NodeLog.ScrubFull(logger);
            }
            finally
            {
                board.End();
            }

            pause = PassPause;
        }
    }

    private async Task WaitAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(board.Wanted, Task.Delay(pause, time, woken.Token));
        await woken.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task PassAsync(CancellationToken cancellationToken)
    {
        board.Begin();
        var (pass, stored) = await ListAsync(cancellationToken);
        var faults = 0;
        foreach (var task in pass)
            faults += await CheckAsync(task, stored.GetValueOrDefault(task.Item.Key), cancellationToken);
        NodeLog.Scrubbed(logger, pass.Count, faults);
    }

    private async Task<(IReadOnlyList<ScrubTask> Pass, Dictionary<string, ScrubProgress> Stored)> ListAsync(CancellationToken cancellationToken)
    {
        var stored = (await store.ReadScrubsAsync(cancellationToken)).ToDictionary(progress => progress.Name, StringComparer.Ordinal);
        var pass = await tasks.ListAsync(cancellationToken);
        board.Show([.. pass.Select(task => task.Item with { DoneMs = stored.GetValueOrDefault(task.Item.Key)?.DoneMs ?? 0 })]);
        return (pass, stored);
    }

    private async Task<int> CheckAsync(ScrubTask task, ScrubProgress? before, CancellationToken cancellationToken)
    {
        var report = new ScrubReport(store, time, logger, task);
        var position = task.Resumes ? (ulong)(before?.Position ?? 0) : 0;
        var done = before?.DoneMs ?? 0;
        for (var steps = 1; position < task.Item.Total && !report.GaveUp; steps++)
        {
            position = await task.Step(position, report, cancellationToken);
            board.Note(task.Item with { Checked = Math.Min(position, task.Item.Total), DoneMs = done, Findings = [.. report.Findings] });
            if (task.Resumes && steps % StepsBetweenNotes == 0)
                await store.SaveScrubAsync(new ScrubProgress(task.Item.Key, (long)position, done, report.Findings.Count), cancellationToken);
            await Task.Delay(StepPause, time, cancellationToken);
        }

        if (!report.GaveUp)
            await task.Finish(report, cancellationToken);
        if (!await report.StandsAsync(cancellationToken))
            return await GiveUpAsync(task, done, cancellationToken);
        done = time.GetUtcNow().ToUnixTimeMilliseconds();
        await store.SaveScrubAsync(new ScrubProgress(task.Item.Key, 0, done, report.Findings.Count), cancellationToken);
        board.Note(task.Item with { Checked = task.Item.Total, DoneMs = done, Findings = [.. report.Findings] });
        return report.Findings.Count;
    }

    // What took the place of what was checked is checked in the next pass, from its beginning.
    private async Task<int> GiveUpAsync(ScrubTask task, long done, CancellationToken cancellationToken)
    {
        await store.SaveScrubAsync(new ScrubProgress(task.Item.Key, 0, done, 0), cancellationToken);
        board.Note(task.Item with { DoneMs = done });
        return 0;
    }
}
