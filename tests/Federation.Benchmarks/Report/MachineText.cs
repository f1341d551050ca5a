using System.Runtime.InteropServices;

namespace Federation.Benchmarks.Report;

/// <summary>Says on what the figures were measured.</summary>
internal static class MachineText
{
    public static string Describe()
    {
        var processor = ReadField("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString();
        var memory = ReadField("/proc/meminfo", "MemTotal") ?? "?";
        return $"{processor}, {Environment.ProcessorCount} processors, {memory} memory; {RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}; "
            + $"temporary files in {Path.GetTempPath()} ({Build})";
    }

#if DEBUG
    private const string Build = "DEBUG build: not to be quoted";
#else
    private const string Build = "release build";
#endif

    private static string? ReadField(string file, string name) =>
        File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() : null;
}
