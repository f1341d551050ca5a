using System.Diagnostics;

namespace Federation.Cli.Connection;

/// <summary>Where the node's program is: beside the tool, or where <c>FEDERATION_NODE</c> says.</summary>
internal static class NodeProgram
{
    public const string PathVariable = "FEDERATION_NODE";

    private const string FileName = "Federation.Node.dll";

    /// <summary>What starts the node of a directory.</summary>
    public static ProcessStartInfo StartInfo(string directory)
    {
        var named = Environment.GetEnvironmentVariable(PathVariable);
        var program = string.IsNullOrEmpty(named) ? Path.Combine(AppContext.BaseDirectory, FileName) : Path.GetFullPath(named);
        if (!File.Exists(program))
            throw CommandFailureException.Usage($"The node's program is not at {program}; {PathVariable} may name it.");
        var isLibrary = Path.GetExtension(program) == ".dll";
        var start = new ProcessStartInfo(isLibrary ? DotnetHost() : program) { UseShellExecute = false, WorkingDirectory = directory };
        if (isLibrary)
            start.ArgumentList.Add(program);
        start.ArgumentList.Add("--dir");
        start.ArgumentList.Add(directory);
        return start;
    }

    private static string DotnetHost()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host)
            return host;
        var own = Environment.ProcessPath;
        if (own is not null && Path.GetFileNameWithoutExtension(own) == "dotnet")
            return own;
        var root = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        return string.IsNullOrEmpty(root) ? "dotnet" : Path.Combine(root, "dotnet");
    }
}
