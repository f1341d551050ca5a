using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Federation.Node.Sharing;

namespace Federation.Node.Tests.Sharing;

/// <summary>
/// Holds a policy's tree against a JSON Schema, for the keywords of draft 2020-12 that the policies' schema uses; any other keyword is
/// an exception, so that none is passed over.
/// </summary>
internal sealed class SchemaCheck(JsonNode schema)
{
    private static readonly string[] Remarks = ["$schema", "title", "description", "$defs"];

    /// <summary>Whether the schema accepts the policy.</summary>
    public bool Accepts(PolicyNode policy) => Accepts(schema, policy);

    private bool Accepts(JsonNode rule, PolicyNode node) =>
        rule.AsObject().Where(keyword => !Remarks.Contains(keyword.Key)).All(keyword => Accepts(rule, keyword.Key, keyword.Value!, node));

    private bool Accepts(JsonNode rule, string keyword, JsonNode value, PolicyNode node) => keyword switch
    {
        "$ref" => Accepts(schema["$defs"]![value.GetValue<string>()["#/$defs/".Length..]]!, node),
        "type" => value.GetValue<string>() switch
        {
            "object" => node.Shape == PolicyNode.NodeShape.Mapping,
            "array" => node.Shape == PolicyNode.NodeShape.List,
            "string" => node.Shape == PolicyNode.NodeShape.Text && !IsNumber(node),
            var other => throw new NotSupportedException(other),
        },
        "const" => IsNumber(node) && node.Text == value.ToString(),
        "enum" => node.Shape == PolicyNode.NodeShape.Text && value.AsArray().Any(word => word!.GetValue<string>() == node.Text),
        "pattern" => node.Shape != PolicyNode.NodeShape.Text
            || Regex.IsMatch(node.Text, value.GetValue<string>().Replace("$", @"\z", StringComparison.Ordinal)),
        "maxLength" => node.Text.Length <= value.GetValue<int>(),
        "minItems" => node.Shape != PolicyNode.NodeShape.List || node.Items.Count >= value.GetValue<int>(),
        "maxItems" => node.Shape != PolicyNode.NodeShape.List || node.Items.Count <= value.GetValue<int>(),
        "items" => node.Items.All(item => Accepts(value, item)),
        "minProperties" => node.Shape != PolicyNode.NodeShape.Mapping || node.Entries.Count >= value.GetValue<int>(),
        "required" => node.Shape != PolicyNode.NodeShape.Mapping
            || value.AsArray().All(key => node.Entries.Any(entry => entry.Key.Text == key!.GetValue<string>())),
        "properties" => node.Entries.All(entry => value[entry.Key.Text] is not { } property || Accepts(property, entry.Value)),
        "additionalProperties" => node.Entries.Where(entry => rule["properties"]?[entry.Key.Text] is null).All(entry => Allows(value, entry.Value)),
        "propertyNames" => node.Entries.All(entry => Accepts(value, entry.Key)),
        "oneOf" => value.AsArray().Count(option => Accepts(option!, node)) == 1,
        "anyOf" => value.AsArray().Any(option => Accepts(option!, node)),
        "not" => !Accepts(value, node),
        _ => throw new NotSupportedException(keyword),
    };

    private bool Allows(JsonNode value, PolicyNode node) => value is JsonValue truth ? truth.GetValue<bool>() : Accepts(value, node);

    private static bool IsNumber(PolicyNode node) => node is { Shape: PolicyNode.NodeShape.Text, IsPlain: true } && int.TryParse(node.Text, out _);
}
