using System.Text.Json.Nodes;
using Federation.Formats;
using Xunit;

namespace Federation.Node.Tests.Formats;

public sealed class DamagedFileTests
{
    [Fact]
    public void Files_with_a_damaged_byte_are_imported_or_refused_and_never_end_in_an_exception()
    {
        // A fixed sequence, so that a failure can be repeated.
        var state = 1u;
        foreach (var file in Fixtures.All())
        {
            for (var round = 0; round < 20; round++)
            {
                var damaged = (byte[])file.Content.Clone();
                state = (state * 1664525u) + 1013904223u;
                damaged[state % (uint)damaged.Length] = (byte)(state >> 24);
                CheckWhole(Importers.Import(file.Format, file.Path, damaged, Fixtures.Handling));
                CheckWhole(Importers.Import(file.Format, file.Path, damaged.AsMemory(0, (int)(state % (uint)damaged.Length)), Fixtures.Handling));
            }
        }
    }

    [Theory]
    [InlineData("avid", "reports/2023/AVID-2023-R0003.json")]
    [InlineData("avid", "reports/2026/AVID-2026-R1692.json")]
    [InlineData("avid", "reports/2026/AVID-2026-R0098.json")]
    [InlineData("avid", "reports/2026/AVID-2026-R0086.json")]
    [InlineData("avid", "reports/2026/AVID-2026-R0138.json")]
    [InlineData("avid", "vulnerabilities/2022/AVID-2022-V002.json")]
    [InlineData("eee", "hal-v0.2.2/hal-scicode/openai/o4-mini/cfd8a198-69a6-4062-912c-104e4c617952.json")]
    [InlineData("osv", "osv-go/GO-2025-3724.json")]
    public void Any_value_may_be_of_any_type_or_missing_and_the_file_is_imported_or_refused_with_a_path(string format, string path)
    {
        var file = Fixtures.Of(format).Single(file => file.Path == path);
        string?[] values = [null, "null", "\"\"", "\"text\"", "-1.5", "true", "[]", "[1]", "{}", "{\"x\":{}}", "[[\"x\"]]"];
        foreach (var value in values)
        {
            foreach (var place in Places(JsonNode.Parse(file.Content)!))
            {
                var changed = JsonNode.Parse(file.Content)!;
                Replace(changed, place, value is null ? null : JsonNode.Parse(value), value is null);
                var outcome = SmallInput.Import(format, changed.ToJsonString());
                CheckWhole(outcome);
                Assert.All(outcome.Faults, fault => Assert.StartsWith("/", fault.Path, StringComparison.Ordinal));
            }
        }
    }

    private static void CheckWhole(ImportOutcome outcome)
    {
        Assert.NotEqual(outcome.Drafts.Count == 0, outcome.Faults.Count == 0);
        Assert.All(outcome.Drafts, DraftBounds.Check);
        Assert.All(outcome.Faults, fault => Assert.NotEmpty(fault.Message));
    }

    private static List<string[]> Places(JsonNode node)
    {
        var places = new List<string[]>();
        Collect(node, [], places);
        return places;
    }

    private static void Collect(JsonNode? node, string[] place, List<string[]> places)
    {
        if (place.Length > 0)
            places.Add(place);
        if (node is JsonObject members)
            foreach (var (name, member) in members)
                Collect(member, [.. place, name], places);
        if (node is JsonArray items)
            for (var i = 0; i < items.Count; i++)
                Collect(items[i], [.. place, i.ToString(System.Globalization.CultureInfo.InvariantCulture)], places);
    }

    private static void Replace(JsonNode root, string[] place, JsonNode? value, bool remove)
    {
        var owner = root;
        foreach (var token in place[..^1])
            owner = owner is JsonArray array ? array[Index(token)]! : owner[token]!;
        if (owner is JsonArray items)
            items[Index(place[^1])] = value;
        else if (remove)
            ((JsonObject)owner).Remove(place[^1]);
        else
            owner[place[^1]] = value;
    }

    private static int Index(string token) => int.Parse(token, System.Globalization.CultureInfo.InvariantCulture);
}
