using System.Text.Json;

namespace Federation.Node.Storage;

/// <summary>
/// Says what a backup holds, and binds its two files to each other by their digests. The same text lies beside each file. It shows rot
/// and mixing, not forgery: whoever can write the files can write it too.
/// </summary>
internal sealed record BackupManifest
{
    private const string FormatName = "federation-backup/1";
    private const int MaxSizeBytes = 1024 * 1024;

    private static readonly JsonSerializerOptions Text = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The form of the files.</summary>
    public string Format { get; init; } = FormatName;

    /// <summary>The backup's own id, 32 hexadecimal digits.</summary>
    public required string Backup { get; init; }

    /// <summary>The node's institute.</summary>
    public required string Institute { get; init; }

    /// <summary>The fingerprint of the institute's root key, lower-case hexadecimal.</summary>
    public required string RootFingerprint { get; init; }

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>What the files hold.</summary>
    public required BackupContent Content { get; init; }

    /// <summary>The size of the data, in bytes.</summary>
    public required long DataSizeBytes { get; init; }

    /// <summary>The SHA-256 of the data, lower-case hexadecimal.</summary>
    public required string DataSha256 { get; init; }

    /// <summary>The size of the keys, in bytes.</summary>
    public required long KeysSizeBytes { get; init; }

    /// <summary>The SHA-256 of the keys, lower-case hexadecimal.</summary>
    public required string KeysSha256 { get; init; }

    /// <summary>The text of the file.</summary>
    public string ToText() => JsonSerializer.Serialize(this, Text);

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no manifest of this form.</exception>
    public static BackupManifest Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxSizeBytes)
                throw new InvalidDataException($"{path} is larger than a manifest can be");
            var manifest = JsonSerializer.Deserialize<BackupManifest>(File.ReadAllText(path), Text);
            return manifest is { Format: FormatName, Content.Ledgers: not null } ? manifest : throw new InvalidDataException($"{path} is of another form than {FormatName}");
        }
        catch (JsonException malformed)
        {
            throw new InvalidDataException($"{path} is no manifest of a backup: {malformed.Message}", malformed);
        }
    }
}
