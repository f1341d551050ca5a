using System.Text.Json;
using Federation.Cli;
using Xunit;

namespace Federation.Node.Tests.Cli;

public sealed class PublishCommandTests : IAsyncLifetime
{
    private readonly TestDirectory _files = new();
    private ScriptedNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await ScriptedNode.StartAsync(new ScriptedRecords());

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task Many_records_go_over_one_stream_and_at_most_1000_are_unanswered()
    {
        _files.Write("many.jsonl", string.Concat(Enumerable.Range(0, 2500).Select(i => $"{{\"recordId\":\"r{i}\"}}\n")));

        var run = await PublishAsync(_files.Location);

        Assert.Equal((ExitCode.Ok, ""), (run.ExitCode, run.Error));
        Assert.Equal(1000, _node.Records.MostUnanswered);
        Assert.Equal(Enumerable.Range(0, 2500).Select(i => $"r{i}"), _node.Records.Received.Select(request => request.Record.RecordId));
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(2500, json.RootElement.GetProperty("published").GetInt32());
        // Answers come in another order than requests; each is matched to its own line.
        Assert.All(json.RootElement.GetProperty("records").EnumerateArray(), record =>
        {
            var line = int.Parse(record.GetProperty("place").GetString()!.Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal($"r{line - 1}", record.GetProperty("recordId").GetString());
        });
    }

    [Fact]
    public async Task One_record_that_is_refused_stops_no_other_and_the_code_is_5()
    {
        _files.Write("a.json", """{ "recordId": "good" }""");
        _files.Write("b.json", """{ "recordId": "refuse" }""");
        _files.Write("c.json", """{ "unknown": 1 }""");
        _files.Write("d.json", """{ "recordId": "also-good" }""");

        var run = await PublishAsync(_files.Location);

        Assert.Equal(ExitCode.PartlyDone, run.ExitCode);
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal((2, 2), (json.RootElement.GetProperty("published").GetInt32(), json.RootElement.GetProperty("refused").GetInt32()));
        var refused = json.RootElement.GetProperty("records").EnumerateArray().Where(record => record.TryGetProperty("badFields", out _)).ToList();
        Assert.Equal(
            [("b.json", "record.envelope.title"), ("c.json", "unknown")],
            refused.Select(record => (Path.GetFileName(Text(record, "place")), Text(record.GetProperty("badFields")[0], "field"))).Order());
    }

    [Fact]
    public async Task People_read_each_refusal_with_file_and_field()
    {
        var file = _files.Write("b.json", """{ "recordId": "refuse" }""");

        var run = await ToolRun.Of("publish", file, "--dir", _node.Location);

        Assert.Equal(ExitCode.Refused, run.ExitCode);
        Assert.Contains($"{file}: The record is not valid. (FIELD_INVALID)", run.Error, StringComparison.Ordinal);
        Assert.Contains("record.envelope.title: Missing.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_goes_away_ends_with_3()
    {
        _files.Write("many.jsonl", "{\"recordId\":\"a\"}\n{\"recordId\":\"abort\"}\n{\"recordId\":\"c\"}\n");

        var run = await PublishAsync(_files.Location);

        Assert.Equal(ExitCode.Unreachable, run.ExitCode);
        Assert.Contains("SHUTTING_DOWN", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_larger_than_a_message_is_refused_here_and_stops_no_other()
    {
        _files.Write("a.json", $$"""{ "recordId": "big", "changeSummary": "{{new string('x', 1024 * 1024)}}" }""");
        _files.Write("b.json", """{ "recordId": "good" }""");

        var run = await PublishAsync(_files.Location);

        Assert.Equal(ExitCode.PartlyDone, run.ExitCode);
        Assert.Contains("LIMIT_EXCEEDED", run.Output, StringComparison.Ordinal);
        Assert.Equal("good", Assert.Single(_node.Records.Received).Record.RecordId);
    }

    [Fact]
    public async Task Idempotent_publication_sends_the_same_key_again()
    {
        var file = _files.Write("a.json", """{ "recordId": "good" }""");

        await PublishAsync(file, "--idempotent");
        await PublishAsync(file, "--idempotent");
        await PublishAsync(file);

        var keys = _node.Records.Received.Select(request => request.IdempotencyKey).ToList();
        Assert.NotEmpty(keys[0]);
        Assert.Equal([keys[0], keys[0], ""], keys);
    }

    [Fact]
    public async Task A_refusal_names_the_reason_and_the_bad_fields()
    {
        var run = await ToolRun.Of("records", "get", "x", "--dir", _node.Location, "--output", "json");

        Assert.Equal((ExitCode.Refused, ""), (run.ExitCode, run.Output));
        using var json = JsonDocument.Parse(run.Error);
        var error = json.RootElement.GetProperty("error");
        Assert.Equal("FIELD_INVALID", error.GetProperty("reason").GetString());
        Assert.Equal("record_id", error.GetProperty("badFields")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task A_node_of_another_authority_is_not_talked_to()
    {
        await ToolRun.Of("init", _files.Inside("other"), "--institute", "uk");
        File.Copy(_files.Inside("other/own-ca/ca.pem"), Path.Combine(_node.Location, "own-ca/ca.pem"), overwrite: true);
        var file = _files.Write("a.json", """{ "recordId": "good" }""");

        var run = await PublishAsync(file);

        Assert.Equal(ExitCode.Unreachable, run.ExitCode);
        Assert.Empty(_node.Records.Received);
    }

    private static string? Text(JsonElement json, string property) => json.GetProperty(property).GetString();

    private Task<ToolRun> PublishAsync(string path, params string[] options) =>
        ToolRun.Of(["publish", path, "--dir", _node.Location, "--output", "json", .. options]);
}
