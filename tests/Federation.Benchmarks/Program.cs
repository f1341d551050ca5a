using System.Runtime.InteropServices;
using Federation.Benchmarks.Bars;
using Federation.Benchmarks.Report;
using Federation.Benchmarks.Stages;

namespace Federation.Benchmarks;

/// <summary>Runs the benchmarks one after the other and prints what they measured. Nothing is asserted: a figure is to be read.</summary>
internal static class Program
{
    private static readonly TimeSpan LongestBenchmark = TimeSpan.FromMinutes(15);

    public static async Task<int> Main(string[] arguments)
    {
        if (BenchmarkOptions.Parse(arguments) is not { } options)
        {
            await Console.Error.WriteLineAsync(BenchmarkOptions.Usage);
            return 2;
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var table = new FigureTable();
        Console.WriteLine(MachineText.Describe());
        (string Name, Func<CancellationToken, Task> Run)[] benchmarks =
        [
            ("micro", token => new StageCosts(options, table).RunAsync(token)),
            ("b1", token => new Bootstrap(options, table).RunAsync(token)),
            ("b2", token => new Tail(options, table).RunAsync(token)),
            ("b4", token => new Latency(options, table).RunAsync(token)),
            ("b5", token => new UnaryCalls(options, table).RunAsync(token)),
            ("b6", token => new PolicyChange(options, table).RunAsync(token)),
            ("b8", token => new Memory(options, table).RunAsync(token)),
            ("b9", token => new CatchUp(options, table).RunAsync(token)),
        ];
        foreach (var (name, run) in benchmarks.Where(b => options.Wanted.Contains(b.Name)))
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
            limit.CancelAfter(LongestBenchmark);
            try
            {
                await run(limit.Token);
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                // One benchmark that fails must not take the figures of the others along.
                table.Note(name, failure is OperationCanceledException ? $"given up after {LongestBenchmark.TotalMinutes} minutes" : failure.ToString());
            }
            finally
            {
                table.PrintNew(Console.Out);
            }
        }

        return 0;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }
}
