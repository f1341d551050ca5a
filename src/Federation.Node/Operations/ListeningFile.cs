using System.Text.Json;

namespace Federation.Node.Operations;

/// <summary>Says in the data directory where the node listens, for whoever started it on free ports. Absent while the node does not run.</summary>
internal static class ListeningFile
{
    private const string FileName = "listening.json";

    /// <summary>Removes what an earlier life left.</summary>
    public static void Clear(string dataDirectory) => File.Delete(Path.Combine(dataDirectory, FileName));

    /// <summary>Writes the addresses; a reader sees the whole file or none.</summary>
    public static void Write(string dataDirectory, string partner, string own)
    {
        var path = Path.Combine(dataDirectory, FileName);
        File.WriteAllText($"{path}.new", JsonSerializer.Serialize(new Dictionary<string, string> { ["partner"] = partner, ["own"] = own }));
        File.Move($"{path}.new", path, overwrite: true);
    }
}
