using System.Diagnostics;
using System.Text.Json;
using Federation.Node.Tests.Tidy;
using Federation.Protocol.Records;
using Xunit;

namespace Federation.Node.Tests.Proofs;

/// <summary>
/// Runs the verifier in tests/second-verifier, which shares no code with the first one. Without Node.js its tests are skipped, but not in
/// continuous integration.
/// </summary>
internal static class SecondVerifier
{
    private static readonly string Directory = Path.Combine(RepositoryTree.Location, "tests", "second-verifier");

    /// <summary>What it says of one file.</summary>
    public static async Task<SecondVerdict> VerifyAsync(string file, Digest root, Digest? followerRoot = null)
    {
        var run = await RunAsync("verify.mjs", [file, .. Fingerprints(root, followerRoot)]);
        var verdict = Read(run.Output);
        Assert.Equal(verdict.Verified ? 0 : 4, run.ExitCode);
        return verdict;
    }

    /// <summary>What it says of each file of a directory, in the order of names.</summary>
    public static async Task<IReadOnlyList<SecondVerdict>> VerifyAllAsync(string directory, Digest root, Digest? followerRoot = null)
    {
        var run = await RunAsync("verify.mjs", ["--all", directory, .. Fingerprints(root, followerRoot)]);
        return [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read)];
    }

    /// <summary>Holds it to the golden vectors; returns what it says of them.</summary>
    public static async Task<string> CheckVectorsAsync()
    {
        var run = await RunAsync("vectors.mjs", [Path.Combine(RepositoryTree.Location, "tests", "Federation.Protocol.Tests", "Vectors")]);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Output;
    }

    private static IEnumerable<string> Fingerprints(Digest root, Digest? followerRoot) =>
        followerRoot is { } follower ? [root.ToString(), follower.ToString()] : [root.ToString()];

    private static SecondVerdict Read(string line) => JsonSerializer.Deserialize<SecondVerdict>(line, JsonSerializerOptions.Web)!;

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string script, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments.Prepend(Path.Combine(Directory, script)))
            start.ArgumentList.Add(argument);
        using var process = Start(start);
        var cancellation = TestContext.Current.CancellationToken;
        var error = process.StandardError.ReadToEndAsync(cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        Assert.True(process.ExitCode is 0 or 4 || script != "verify.mjs", await error);
        return (process.ExitCode, output, await error);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", $"Node.js is not here: {fault.Message}");
            throw;
        }
    }
}
