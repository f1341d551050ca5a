using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Google.Protobuf;

namespace Federation.Cli.Output;

/// <summary>JSON as the tool writes it: protobuf JSON for messages, camel case for its own results.</summary>
internal static class JsonText
{
    private static readonly JsonFormatter Indented = new(JsonFormatter.Settings.Default.WithIndentation());

    private static readonly JsonFormatter OneLine = new(JsonFormatter.Settings.Default);

    private static readonly JsonSerializerOptions Own = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // The output is for programs and terminals, never for a page; '+' in AMBER+STRICT stays readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper) },
    };

    private static readonly JsonSerializerOptions OwnLine = new(Own) { WriteIndented = false };

    public static string Of(object value) => value is IMessage message ? Indented.Format(message) : JsonSerializer.Serialize(value, Own);

    /// <summary>One line, for JSON lines and files.</summary>
    public static string Line(IMessage message) => OneLine.Format(message);

    /// <summary>One line that says of which partner the message speaks, if of one.</summary>
    public static string Line(string partner, IMessage message)
    {
        var json = new JsonObject();
        if (partner.Length > 0)
            json["partner"] = partner;
        foreach (var (name, value) in JsonNode.Parse(OneLine.Format(message))!.AsObject())
            json[name] = value?.DeepClone();
        return json.ToJsonString(OwnLine);
    }

    /// <summary>A message as a node that a result of the tool's own can hold.</summary>
    public static JsonNode? Node(IMessage message) => JsonNode.Parse(OneLine.Format(message));
}
