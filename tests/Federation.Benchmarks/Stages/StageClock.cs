using System.Diagnostics;
using Federation.Benchmarks.Report;

namespace Federation.Benchmarks.Stages;

/// <summary>Measures what a stage costs a record: CPU of the whole process, time, and bytes allocated.</summary>
internal sealed class StageClock(FigureTable table, int records)
{
    /// <summary>Runs a stage over all records and returns its CPU in microseconds a record.</summary>
    public async Task<double> MeasureAsync(string stage, Func<Task> work)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var cpu = Environment.CpuUsage.TotalTime;
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var watch = Stopwatch.StartNew();
        await work();
        var elapsed = watch.Elapsed;
        var bytes = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        var each = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / records;
        table.Add("micro", stage, $"{FigureTable.Text(each)} µs CPU, {FigureTable.Text(elapsed.TotalMicroseconds / records)} µs, {FigureTable.Text((double)bytes / records)} B");
        return each;
    }

    /// <summary>Runs a stage that does not wait.</summary>
    public Task<double> MeasureAsync(string stage, Action work) => MeasureAsync(stage, () =>
    {
        work();
        return Task.CompletedTask;
    });

    /// <summary>Adds what is left of a whole when measured parts of it are taken away.</summary>
    public void Remainder(string stage, double whole, params double[] parts) =>
        table.Add("micro", stage, whole - parts.Sum(), "µs CPU, by subtraction");
}
