using System.Diagnostics;

namespace Federation.Benchmarks.Stages;

/// <summary>The time and the CPU of the whole process that some work took.</summary>
internal readonly record struct Measured(TimeSpan Elapsed, TimeSpan Cpu)
{
    /// <summary>Does the work and measures it.</summary>
    public static async Task<Measured> RunAsync(Func<Task> work)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        await work();
        return new Measured(watch.Elapsed, Environment.CpuUsage.TotalTime - cpu);
    }

    public static Measured operator +(Measured one, Measured other) => new(one.Elapsed + other.Elapsed, one.Cpu + other.Cpu);

    /// <summary>The CPU for one of so many, in microseconds.</summary>
    public double MicrosecondsEach(long count) => Cpu.TotalMicroseconds / Math.Max(1, count);
}
