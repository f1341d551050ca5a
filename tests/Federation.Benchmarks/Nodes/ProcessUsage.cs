using System.Globalization;

namespace Federation.Benchmarks.Nodes;

/// <summary>What the kernel says that a process has used.</summary>
/// <param name="Cpu">User and system time together.</param>
/// <param name="ResidentKiB">The resident memory now.</param>
/// <param name="PeakResidentKiB">The most resident memory so far.</param>
internal readonly record struct ProcessUsage(TimeSpan Cpu, long ResidentKiB, long PeakResidentKiB)
{
    // The kernel counts in USER_HZ, which is 100 on every Linux that .NET runs on.
    private const int TicksPerSecond = 100;

    public static ProcessUsage Read(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        // The second field is the program's name in brackets, which may hold spaces; user and system time are the 14th and 15th.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        var status = File.ReadAllLines($"/proc/{process}/status");
        return new ProcessUsage(TimeSpan.FromSeconds((double)ticks / TicksPerSecond), ReadKiB(status, "VmRSS:"), ReadKiB(status, "VmHWM:"));
    }

    /// <summary>The CPU time between two readings, in microseconds a record.</summary>
    public double MicrosecondsSince(ProcessUsage before, long records) => (Cpu - before.Cpu).TotalMicroseconds / records;

    private static long ReadKiB(string[] status, string name)
    {
        var line = status.First(l => l.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
