using System.Text;
using Xunit;

namespace Federation.Node.Tests.Formats;

public sealed class DraftLimitTests
{
    [Fact]
    public void Long_texts_are_cut_between_characters_and_noted()
    {
        var title = string.Concat(Enumerable.Repeat("😀", 300)) + "x";
        var draft = SmallInput.Draft("osv", $$"""{"id":"A-1","summary":"x{{title}}","details":"{{new string('d', 20_000)}}"}""");
        DraftBounds.Check(draft);
        Assert.Equal(511, draft.Envelope.Title.Length);
        Assert.Equal(16384, draft.Part("summary").FlawSummary.Description.Length);
        Assert.Equal(["/summary: cut from 602 to 512 characters", "/details: cut from 20000 to 16384 characters"], draft.Provenance.LossNotes);
    }

    [Fact]
    public void A_title_is_one_line() =>
        Assert.Equal("one two", SmallInput.Draft("osv", """{"id":"A-1","summary":" one\n\n\ttwo "}""").Envelope.Title);

    [Fact]
    public void References_beyond_the_bounds_stay_unmapped_with_a_note()
    {
        var references = string.Join(',', Enumerable.Range(0, 70).Select(i => $$"""{"type":"WEB","url":"https://example.org/{{i}}"}"""));
        var draft = SmallInput.Draft("osv", $$"""{"id":"A-1","references":[{{references}}]}""");
        Assert.Equal(64, draft.Part("summary").Evidence.Count);
        Assert.Equal("{\"type\":\"WEB\",\"url\":\"https://example.org/64\"}", draft.Unmapped("/references/64"));
        Assert.Equal(6, draft.Provenance.LossNotes.Count);
    }

    [Fact]
    public void Unmapped_values_are_bounded_in_length_and_number_and_what_is_cut_is_noted()
    {
        var many = string.Join(',', Enumerable.Range(0, 300).Select(i => $"\"k{i}\":\"{new string('v', 30)}\""));
        var controls = string.Concat(Enumerable.Repeat("\\u0001", 10));
        var draft = SmallInput.Draft("osv", $"{{\"id\":\"A-1\",\"long\":\"{controls}{new string('w', 5000)}\",\"many\":{{{many}}}}}");
        DraftBounds.Check(draft);
        var value = draft.Unmapped("/long")!;
        Assert.InRange(value.Length, 1900, 2000);
        Assert.EndsWith("w\"", value, StringComparison.Ordinal);
        Assert.Equal(256, draft.Source().UnmappedFields.Count);
        Assert.Contains("/long: unmapped value cut to 2000 characters", draft.Provenance.LossNotes);
        Assert.Contains("45 unmapped values were dropped: the list of unmapped fields is full", draft.Provenance.LossNotes);
    }

    [Fact]
    public void A_swarm_of_results_is_split_into_tables_and_cut_at_the_size_of_a_record()
    {
        var note = new string('n', 100);
        var results = string.Join(',', Enumerable.Range(0, 3000).Select(i =>
            $$"""{"evaluation_name":"E","score_details":{"score":{{i}} },"metric_config":{"evaluation_description":"{{note}}"} }"""));
        var start = SmallInput.Eee.IndexOf("\"evaluation_results\"", StringComparison.Ordinal);
        var draft = SmallInput.Draft("eee", $"{SmallInput.Eee[..start]}\"evaluation_results\":[{results}]}}");
        DraftBounds.Check(draft);
        var tables = draft.Parts.Select(part => part.Key).Where(key => key.StartsWith("scores", StringComparison.Ordinal));
        Assert.Equal(["scores:E", "scores:E#2"], tables);
        Assert.Contains(draft.Provenance.LossNotes, note => note.Contains("dropped: the record is full", StringComparison.Ordinal));
    }

    [Fact]
    public void A_swarm_of_equal_and_of_long_names_gives_keys_that_are_unique_and_stable()
    {
        var longName = new string('n', 300);
        var packages = string.Join(',', Enumerable.Range(0, 5000).Select(i => $"{{\"package\":{{\"name\":\"{(i % 2 == 0 ? "same" : longName)}\"}}}}"));
        var json = $$"""{"id":"A-1","affected":[{{packages}}]}""";
        var draft = SmallInput.Draft("osv", json);
        DraftBounds.Check(draft);
        Assert.Contains(draft.Parts, part => part.Key == "affected:same#2");
        Assert.Equal(64, draft.Provenance.LossNotes.Count);
        Assert.Contains("further losses", draft.Provenance.LossNotes[^1], StringComparison.Ordinal);
        Assert.Equal(draft, SmallInput.Draft("osv", json));
    }

    [Fact]
    public void A_long_description_of_a_measurement_is_split_into_claims_without_loss()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 2000; i++)
            text.Append("word").Append(i).Append(' ');
        var json = SmallInput.Avid.Replace("\"Issue\"", "\"Measurement\"", StringComparison.Ordinal);
        json = json.Replace("A text", text.ToString(), StringComparison.Ordinal);
        var claims = SmallInput.Draft("avid", json).Part("claims").ResultClaims.Claims;
        Assert.All(claims, claim => Assert.InRange(claim.Statement.Length, 1, 4096));
        Assert.Equal(text.ToString(), string.Concat(claims.Select(claim => claim.Statement)));
    }
}
