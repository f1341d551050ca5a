using System.Text.Json;
using System.Text.Json.Serialization;

namespace Federation.Cli.Setup;

/// <summary>A node's settings as <c>init</c> writes them to <c>node.json</c>; the node reads and checks them when it starts.</summary>
internal sealed record NodeSettings
{
    public const string FileName = "node.json";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        // A setting that this version of the tool does not know is the node's affair.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    };

    public required string Institute { get; init; }

    public string DisplayName { get; init; } = "";

    public required ListenerSettings PartnerListener { get; init; }

    public required ListenerSettings OwnListener { get; init; }

    /// <summary>Where partners reach the partner listener, as host:port.</summary>
    public IReadOnlyList<string> Advertise { get; init; } = [];

    public string DataDirectory { get; init; } = "data";

    public string KeysDirectory { get; init; } = "keys";

    public string OwnAuthority { get; init; } = "own-ca/ca.pem";

    public string OwnCertificate { get; init; } = "own-ca/server.pem";

    public string OwnKey { get; init; } = "own-ca/server.key";

    public string FirstOperator { get; init; } = "clients/operator.pem";

    public LogSettings Log { get; init; } = new("Information", "text");

    /// <summary>Reads the file's text.</summary>
    /// <exception cref="JsonException">It is not such a file.</exception>
    public static NodeSettings Parse(string json) =>
        JsonSerializer.Deserialize<NodeSettings>(json, Format) ?? throw new JsonException("The file holds null.");

    public string ToJson() => JsonSerializer.Serialize(this, Format) + "\n";
}
