using System.Collections.Concurrent;
using System.Text.Json;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Federation.Cli.RecordFiles;

/// <summary>
/// Holds JSON against a message's descriptor and names every field that does not fit, by its path. The parser that follows stops at
/// the first fault and names no path.
/// </summary>
internal sealed class MessageShape
{
    private const int MaxFaults = 50;

    private static readonly ConcurrentDictionary<MessageDescriptor, Dictionary<string, FieldDescriptor>> FieldsByName = new();

    private readonly List<FieldFault> _faults = [];

    private MessageShape()
    {
    }

    public static List<FieldFault> Check(JsonElement json, MessageDescriptor message)
    {
        var shape = new MessageShape();
        shape.CheckMessage(json, message, "");
        return shape._faults;
    }

    private void CheckMessage(JsonElement json, MessageDescriptor message, string path)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            Fault(path, "An object is expected here.");
            return;
        }
        var known = FieldsByName.GetOrAdd(message, NamesOf);
        var seen = new HashSet<FieldDescriptor>();
        var oneofs = new Dictionary<OneofDescriptor, string>();
        foreach (var property in json.EnumerateObject())
        {
            var fieldPath = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (!known.TryGetValue(property.Name, out var field))
                Fault(fieldPath, $"There is no such field in {message.Name}.");
            else if (!seen.Add(field))
                Fault(fieldPath, "The field is given twice.");
            else if (property.Value.ValueKind == JsonValueKind.Null)
                continue;
            else if (field.RealContainingOneof is { } oneof && !oneofs.TryAdd(oneof, property.Name))
                Fault(fieldPath, $"Only one of these may be given, and {oneofs[oneof]} is.");
            else
                CheckField(property.Value, field, fieldPath);
        }
    }

    private void CheckField(JsonElement json, FieldDescriptor field, string path)
    {
        if (!field.IsRepeated)
        {
            CheckValue(json, field, path);
            return;
        }
        if (json.ValueKind != JsonValueKind.Array)
        {
            Fault(path, "A list is expected here.");
            return;
        }
        var index = 0;
        foreach (var item in json.EnumerateArray())
            CheckValue(item, field, $"{path}[{index++}]");
    }

    private void CheckValue(JsonElement json, FieldDescriptor field, string path)
    {
        var isText = json.ValueKind == JsonValueKind.String;
        var isNumber = json.ValueKind == JsonValueKind.Number;
        switch (field.FieldType)
        {
            case FieldType.Message when field.MessageType == Timestamp.Descriptor:
                Expect(isText, path, "A moment in the form 2026-01-31T12:00:00Z is expected here.");
                break;
            case FieldType.Message:
                CheckMessage(json, field.MessageType, path);
                break;
            case FieldType.Enum:
                var isKnown = isText && field.EnumType.FindValueByName(json.GetString()!) is not null;
                Expect(isKnown || isNumber, path, $"A name of {field.EnumType.Name} is expected here.");
                break;
            case FieldType.Bool:
                Expect(json.ValueKind is JsonValueKind.True or JsonValueKind.False, path, "true or false is expected here.");
                break;
            case FieldType.String:
                Expect(isText, path, "Text is expected here.");
                break;
            case FieldType.Bytes:
                Expect(isText && IsBase64(json.GetString()!), path, "Bytes in base64 are expected here.");
                break;
            default:
                // 64-bit numbers are text in protobuf JSON; the parser that follows checks ranges.
                Expect(isNumber || isText, path, "A number is expected here.");
                break;
        }
    }

    private void Expect(bool holds, string path, string otherwise)
    {
        if (!holds)
            Fault(path, otherwise);
    }

    private void Fault(string path, string description)
    {
        if (_faults.Count < MaxFaults)
            _faults.Add(new FieldFault(path, description));
    }

    private static bool IsBase64(string text) =>
        System.Buffers.Text.Base64.IsValid(text) || System.Buffers.Text.Base64Url.IsValid(text);

    private static Dictionary<string, FieldDescriptor> NamesOf(MessageDescriptor message)
    {
        var names = new Dictionary<string, FieldDescriptor>(StringComparer.Ordinal);
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            names[field.Name] = field;
            names[field.JsonName] = field;
        }
        return names;
    }
}
