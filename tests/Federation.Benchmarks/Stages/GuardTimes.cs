using Federation.Benchmarks.Load;
using Federation.Benchmarks.Report;

namespace Federation.Benchmarks.Stages;

/// <summary>B6, guard in force: from a confirmed policy until the roster is replaced, with nothing else going on and in the middle of a sweep.</summary>
internal sealed class GuardTimes(SweptNode node, FigureTable table)
{
    private const int IdleTimes = 40;
    private const int BusyTimes = 16;

    // A chunk of a sweep takes about 50 ms: the changes come at moments spread over one, not always just after a commit.
    private static readonly TimeSpan Spread = TimeSpan.FromMilliseconds(4);

    /// <summary>Changes back and forth; in the end the wide policy is in force, and no sweep is pending.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var idle = new List<Measured>();
        for (var i = 0; i < IdleTimes; i++)
            idle.Add(await ApplyAsync(i % 2 == 0 ? SpreadPolicy.WithoutSlice : SpreadPolicy.Wide, cancellationToken));
        Print("idle", idle, "≤ 5 ms");
        var entries = await node.CountEntriesAsync(cancellationToken);
        var after = await Measured.RunAsync(() => node.SweepAsync(cancellationToken));
        entries = await node.CountEntriesAsync(cancellationToken) - entries;
        table.Add(
            "B6", $"sweep after these {IdleTimes} changes, which end where they began",
            $"{FigureTable.Text(after.Elapsed.TotalSeconds)} s, {entries} entries");

        var busy = new List<Measured>();
        for (var i = 0; i < BusyTimes; i++)
            busy.Add(await InterruptAsync(Spread * i, cancellationToken));
        Print("in the middle of a sweep", busy, "");
    }

    private async Task<Measured> InterruptAsync(TimeSpan afterCommit, CancellationToken cancellationToken)
    {
        await node.ApplyAsync(SpreadPolicy.WithoutSlice, cancellationToken);
        var entries = await node.CountEntriesAsync(cancellationToken);
        var sweep = Task.Run(() => node.SweepAsync(cancellationToken), cancellationToken);
        while (await node.CountEntriesAsync(cancellationToken) == entries && !sweep.IsCompleted)
            await Task.Delay(1, cancellationToken);
        await Task.Delay(afterCommit, cancellationToken);
        var apply = await ApplyAsync(SpreadPolicy.Wide, cancellationToken);
        await sweep;
        // The sweep may have ended just before the change.
        await node.SweepAsync(cancellationToken);
        return apply;
    }

    private Task<Measured> ApplyAsync(string policy, CancellationToken cancellationToken) =>
        Measured.RunAsync(() => node.ApplyAsync(policy, cancellationToken));

    private void Print(string when, List<Measured> times, string bar)
    {
        var ordered = times.Select(t => t.Elapsed.TotalMilliseconds).Order().ToList();
        var cpu = times.Average(t => t.Cpu.TotalMicroseconds);
        table.Add(
            "B6", $"guard in force, {when}, {times.Count} changes",
            $"p50 {FigureTable.Text(ordered[ordered.Count / 2])} ms, most {FigureTable.Text(ordered[^1])} ms, {FigureTable.Text(cpu)} µs CPU", bar);
    }
}
