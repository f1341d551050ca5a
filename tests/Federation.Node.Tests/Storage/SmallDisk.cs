using System.Diagnostics;
using Federation.Node.Tests.Cli;

namespace Federation.Node.Tests.Storage;

/// <summary>A file system of a given size in memory, for as long as the test lasts. Making one takes the right to mount.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TestDirectory directory;

    private SmallDisk(TestDirectory directory) => this.directory = directory;

    public string Location => directory.Location;

    /// <summary>Mounts a disk; null, and why, where that is not allowed.</summary>
    public static SmallDisk? TryMount(int sizeKiB, out string reason)
    {
        reason = "";
        if (!OperatingSystem.IsLinux())
        {
            reason = "small disks are made by mounting a tmpfs, which only Linux has";
            return null;
        }

        var directory = new TestDirectory();
        if (Run("mount", "-t", "tmpfs", "-o", $"size={sizeKiB}k", "tmpfs", directory.Location) is { Length: > 0 } refusal)
        {
            directory.Dispose();
            reason = $"mounting a tmpfs is not allowed here: {refusal}";
            return null;
        }

        return new SmallDisk(directory);
    }

    /// <summary>Takes what is left of the disk, down to so many bytes.</summary>
    public void Fill(string name, int leaveBytes)
    {
        using var file = new FileStream(Path.Combine(Location, name), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (new DriveInfo(Location).AvailableFreeSpace >= leaveBytes + block.Length)
                file.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Dispose()
    {
        Run("umount", Location);
        directory.Dispose();
    }

    // What the program says against it; empty if it did it.
    private static string Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? "" : $"{error.Trim()} (exit code {process.ExitCode})";
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return missing.Message;
        }
    }
}
