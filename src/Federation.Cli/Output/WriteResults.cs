using Federation.V1.Node;

namespace Federation.Cli.Output;

/// <summary>What a write did.</summary>
internal static class WriteResults
{
    public static void Write(CommandScope scope, WriteResult result) => scope.Write(result, console => console.Facts(
        ("record", result.RecordId),
        ("revision", result.Revision),
        ("changed", !result.Unchanged)));
}
