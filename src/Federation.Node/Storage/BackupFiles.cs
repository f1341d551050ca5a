namespace Federation.Node.Storage;

/// <summary>Where the two halves of a backup lie: the data without keys, and the keys, each with its manifest beside it.</summary>
/// <param name="DataDirectory">The directory of the data.</param>
/// <param name="KeysDirectory">The directory of the keys; it may be the same.</param>
internal sealed record BackupFiles(string DataDirectory, string KeysDirectory)
{
    /// <summary>Everything but keys: a database.</summary>
    public string Data => Path.Combine(DataDirectory, "federation.data");

    /// <summary>The keys of records: a database.</summary>
    public string Keys => Path.Combine(KeysDirectory, "federation.keys");

    /// <summary>The manifest beside the data.</summary>
    public string DataManifest => $"{Data}.json";

    /// <summary>The manifest beside the keys.</summary>
    public string KeysManifest => $"{Keys}.json";

    /// <summary>All four, in the order in which they are put in their places: a manifest says that its half is whole.</summary>
    public IReadOnlyList<string> All => [Keys, Data, KeysManifest, DataManifest];

    /// <summary>The name of a file until it is whole.</summary>
    public static string Partial(string file) => $"{file}.partial";
}
