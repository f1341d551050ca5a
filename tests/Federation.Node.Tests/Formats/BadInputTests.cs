using System.Text;
using Federation.Formats;
using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Formats;

public sealed class BadInputTests
{
    private static readonly string[] AllFormats = ["avid", "eee", "osv"];

    [Fact]
    public void The_formats_are_the_three_that_can_be_imported() => Assert.Equal(AllFormats, Importers.Formats);

    [Fact]
    public void An_unknown_format_and_handling_out_of_bounds_are_the_callers_mistake()
    {
        var file = Encoding.UTF8.GetBytes(SmallInput.Osv);
        Assert.Throws<ArgumentException>(() => Importers.Import("csv", "a", file, Fixtures.Handling));
        Assert.Throws<ArgumentException>(() => Importers.Import("osv", "a", file, new ImportHandling(Marking.Unspecified, [], [])));
        Assert.Throws<ArgumentException>(() => Importers.Import("osv", "a", file, new ImportHandling((Marking)9, [], [])));
        Assert.Throws<ArgumentException>(() => Importers.Import("osv", "a", file, new ImportHandling(Marking.Red, [.. Repeat(65)], [])));
        Assert.Throws<ArgumentException>(() => Importers.Import("osv", "a", file, new ImportHandling(Marking.Red, [], [.. Repeat(33)])));
    }

    [Fact]
    public void A_json_schema_is_refused_as_such_in_every_format()
    {
        foreach (var format in AllFormats)
        {
            var fault = SmallInput.Fault(format, """{"$schema":"http://json-schema.org/draft-07/schema#","type":"object"}""");
            Assert.Equal("/$schema", fault.Path);
            Assert.Contains("JSON Schema", fault.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("avid", "\"0.2\"", "\"0.4\"", "/data_version")]
    [InlineData("avid", "\"0.2\"", "\"0.2\\n\"", "/data_version")]
    [InlineData("avid", "\"0.2\"", "\"\"", "/data_version")]
    [InlineData("avid", "\"AVID\"", "\"CVE\"", "/data_type")]
    [InlineData("avid", "\"report_id\"", "\"id\"", "/metadata/report_id")]
    [InlineData("avid", "\"AVID-2024-R0001\"", "17", "/metadata/report_id")]
    [InlineData("avid", "\"metadata\"", "\"other\"", "/metadata")]
    [InlineData("avid", "\"2024-05-06\"", "\"06/05/2024\"", "/reported_date")]
    [InlineData("avid", "\"2024-05-06\"", "\"2024-02-30\"", "/reported_date")]
    [InlineData("avid", "\"A text\"", "[\"A text\"]", "/description/value")]
    [InlineData("eee", "\"0.3.0\"", "\"0.4.0\"", "/schema_version")]
    [InlineData("eee", "\"0.3.0\"", "\"0.1.0\"", "/schema_version")]
    [InlineData("eee", "\"schema_version\"", "\"version\"", "/schema_version")]
    [InlineData("eee", "\"a/b/1\"", "null", "/evaluation_id")]
    [InlineData("eee", "\"eval_library\"", "\"library\"", "/eval_library")]
    [InlineData("eee", "\"evaluator_relationship\"", "\"relationship\"", "/source_metadata/evaluator_relationship")]
    [InlineData("eee", "\"evaluation_results\"", "\"results\"", "/evaluation_results")]
    [InlineData("eee", "\"evaluation_name\"", "\"name\"", "/evaluation_results/0/evaluation_name")]
    [InlineData("eee", "\"score_details\"", "\"details\"", "/evaluation_results/0/score_details")]
    [InlineData("eee", "{\"score\":0.5}", "{}", "/evaluation_results/0/score_details/score")]
    [InlineData("eee", "0.5", "\"0.5\"", "/evaluation_results/0/score_details/score")]
    [InlineData("eee", "0.5", "1e999", "/evaluation_results/0/score_details/score")]
    [InlineData("eee", "\"model_info\"", "\"model\"", "/model_info")]
    [InlineData("osv", "\"1.6.0\"", "\"2.0.0\"", "/schema_version")]
    [InlineData("osv", "\"id\"", "\"ids\"", "/id")]
    [InlineData("osv", "\"TEST-2024-1\"", "{}", "/id")]
    [InlineData("osv", "\"modified\":\"2024-01-02T03:04:05Z\"", "\"withdrawn\":\"soon\"", "/withdrawn")]
    [InlineData("osv", "\"A text\"", "\"A text\",\"aliases\":{}", "/aliases")]
    [InlineData("osv", "\"A text\"", "\"A text\",\"references\":[7]", "/references/0")]
    public void A_wrong_field_refuses_the_file_and_is_named(string format, string right, string wrong, string path)
    {
        var json = SmallInput.Of(format);
        Assert.Contains(right, json, StringComparison.Ordinal);
        Assert.Equal(path, SmallInput.Fault(format, json.Replace(right, wrong, StringComparison.Ordinal)).Path);
    }

    [Fact]
    public void All_wrong_fields_are_named_at_once()
    {
        var outcome = SmallInput.Import("avid", """{"data_type":"X","metadata":{},"description":7}""");
        Assert.Equal(["/data_type", "/data_version", "/metadata/report_id", "/description"], outcome.Faults.Select(fault => fault.Path).Distinct());
    }

    [Theory]
    [InlineData("""{"a":{"b":1,"c":2,"b":3}}""", "/a/b", "twice")]
    [InlineData("""{"a":[{"x~/y":1,"x~/y":1}]}""", "/a/0/x~0~1y", "twice")]
    [InlineData("""{"a":{"b":[1,NaN]}}""", "/a/b/1", "NaN at byte 13")]
    [InlineData("""{"a":-Infinity}""", "/a", "-Infinity")]
    [InlineData("""{"a":{"b":"unfinis""", "/a/b", "ends at byte 18")]
    [InlineData("""{"a":{"b":1""", "/a/b", "ends")]
    [InlineData("""{"a":[1,2""", "/a/1", "ends")]
    [InlineData("""{"a":1,}""", "", "not valid JSON")]
    [InlineData("""{"a":01}""", "/a", "not valid JSON")]
    [InlineData("""{"a":"\ud800"}""", "/a", "surrogate")]
    [InlineData("""{"a":1} {"a":2}""", "", "JSON lines")]
    [InlineData("""[{"a":1}]""", "", "not a JSON object")]
    [InlineData("model,score\na,1", "", "not a JSON object")]
    [InlineData(" \n", "", "empty")]
    [InlineData("", "", "empty")]
    public void Text_that_is_not_strict_json_is_refused_with_the_place(string json, string path, string reason)
    {
        foreach (var format in AllFormats)
        {
            var fault = SmallInput.Fault(format, json);
            Assert.Equal(path, fault.Path);
            Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Invalid_utf8_is_refused_with_its_position()
    {
        byte[] file = [.. "{\"id\":\"é"u8, 0xC3, (byte)'"', (byte)'}'];
        var fault = Assert.Single(Importers.Import("osv", "a", file, Fixtures.Handling).Faults);
        Assert.Equal(new ImportFault("", "invalid UTF-8 at byte 9"), fault);
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over()
    {
        byte[] file = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(SmallInput.Osv)];
        Assert.Single(Importers.Import("osv", "a", file, Fixtures.Handling).Drafts);
    }

    [Fact]
    public void Nesting_is_read_to_depth_64_and_refused_with_its_path_beyond()
    {
        // The outermost object is the first level.
        var draft = SmallInput.Draft("osv", $"{SmallInput.Osv[..^1]},\"x\":{Nested(63)}}}");
        Assert.Equal(Nested(63), draft.Unmapped("/x"));
        var fault = SmallInput.Fault("osv", $"{SmallInput.Osv[..^1]},\"x\":{Nested(64)}}}");
        Assert.Equal($"/x{string.Concat(Enumerable.Repeat("/0", 63))}", fault.Path);
        Assert.Contains("64 levels", fault.Message, StringComparison.Ordinal);
        Assert.Contains("64 levels", SmallInput.Fault("osv", $"{{\"x\":{Nested(100_000)}}}").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_beyond_16_MiB_and_swarms_of_tiny_values_are_refused()
    {
        var outcome = Importers.Import("osv", "a", new byte[(16 * 1024 * 1024) + 1], Fixtures.Handling);
        Assert.Contains("16777216", Assert.Single(outcome.Faults).Message, StringComparison.Ordinal);
        var fault = SmallInput.Fault("osv", $"{{\"x\":[{string.Join(',', Repeat(500_001))}]}}");
        Assert.StartsWith("/x/", fault.Path, StringComparison.Ordinal);
        Assert.Contains("500000 values", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_or_an_id_that_provenance_can_not_hold_is_refused_and_never_cut()
    {
        var file = Encoding.UTF8.GetBytes(SmallInput.Osv);
        var outcome = Importers.Import("osv", new string('a', 513), file, Fixtures.Handling);
        Assert.Contains("path", Assert.Single(outcome.Faults).Message, StringComparison.Ordinal);
        var name = new string('A', 257);
        Assert.Equal("/id", SmallInput.Fault("osv", SmallInput.Osv.Replace("TEST-2024-1", name, StringComparison.Ordinal)).Path);
        Assert.Equal("/evaluation_id", SmallInput.Fault("eee", SmallInput.Eee.Replace("a/b/1", name, StringComparison.Ordinal)).Path);
        Assert.Equal("/metadata/report_id", SmallInput.Fault("avid", SmallInput.Avid.Replace("AVID-2024-R0001", name, StringComparison.Ordinal)).Path);
    }

    [Fact]
    public void An_instance_level_log_is_refused_as_an_attachment()
    {
        const string log = """{"schema_version":"0.3.0","evaluation_id":"a","model_id":"m","sample_id":"1","interaction_type":"single_turn"}""";
        var fault = SmallInput.Fault("eee", log);
        Assert.Equal("/sample_id", fault.Path);
        Assert.Contains("attachment", fault.Message, StringComparison.Ordinal);
        Assert.Contains("attachments", SmallInput.Fault("eee", $"{log}\n{log}").Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Repeat(int count) => Enumerable.Repeat("1", count);

    private static string Nested(int depth) => new string('[', depth) + "1" + new string(']', depth);
}
