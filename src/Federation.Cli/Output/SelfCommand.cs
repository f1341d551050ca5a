namespace Federation.Cli.Output;

/// <summary>How this tool was started, for command lines that people copy.</summary>
internal static class SelfCommand
{
    public static string Line
    {
        get
        {
            var program = Environment.ProcessPath ?? "federation";
            return Path.GetFileNameWithoutExtension(program) == "dotnet"
                ? $"{program} {Path.Combine(AppContext.BaseDirectory, "federation.dll")}"
                : program;
        }
    }
}
