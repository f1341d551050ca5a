using Federation.Formats;
using Federation.Node.Tests.Formats;
using Federation.Node.Tests.Infrastructure;
using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf;
using Grpc.Core;
using Xunit;

namespace Federation.Node.Tests.Scenarios;

/// <summary>
/// Real data of the field, imported into one node and shared with partners of three different policies: what each receives is compared,
/// part by part, with a computation of its own that knows neither the policy engine nor the policy files.
/// </summary>
public sealed class FixtureExchangeTests
{
    private const string Ally = """
        version: 1
        ceiling: RED
        rules:
          - name: everything
            allow: {}
            show: [import_source]
        """;

    private const string FlawsOnly = """
        version: 1
        ceiling: AMBER
        rules:
          - name: flaws
            allow:
              kinds: [flaw]
            withhold: [flaw_codes, flaw_affected]
          - name: no-go
            deny:
              topics: [go.private]
        """;

    private const string ResultsInBrief = """
        version: 1
        ceiling: GREEN
        rules:
          - name: results
            allow:
              kinds: [evaluation_result]
              topics: [evaluation.*]
            withhold: [result_settings]
        """;

    [Fact]
    public async Task Three_partners_receive_of_three_imported_sets_exactly_what_their_policies_allow()
    {
        var drafts = ImportAll();
        await using var federation = await TestFederation.StartAsync("uk", "jp", "sg", "fr");
        await federation.LetFollowAsync("uk", "jp", Ally);
        await federation.LetFollowAsync("uk", "sg", FlawsOnly);
        await federation.LetFollowAsync("uk", "fr", ResultsInBrief);

        var first = await PublishAsync(federation["uk"], drafts);
        Assert.All(first, r => Assert.False(r.Unchanged));
        var ids = first.Select(r => r.RecordId).ToList();
        var second = await PublishAsync(federation["uk"], drafts);
        Assert.All(second, r => Assert.True(r.Unchanged));
        Assert.Equal(ids, second.Select(r => r.RecordId));

        await CompareAsync(federation["jp"], Expect(drafts, ids, SeenByAlly));
        await CompareAsync(federation["sg"], Expect(drafts, ids, SeenByFlawReader));
        await CompareAsync(federation["fr"], Expect(drafts, ids, SeenByResultReader));
    }

    private static List<Part>? SeenByAlly(RecordDraft draft) =>
        draft.Envelope.Marking == Marking.Red && !draft.Audience.Contains("jp") ? null : [.. draft.Parts.Select(p => p.Part)];

    private static List<Part>? SeenByFlawReader(RecordDraft draft)
    {
        if (draft.Kind != RecordKind.Flaw || draft.Envelope.Marking > Marking.Amber || draft.Envelope.Topics.Contains("go.private"))
            return null;
        List<Part> seen = [.. draft.Parts.Select(p => p.Part).Where(p => p.FlawCodes is null && p.FlawAffected is null && p.ImportSource is null)];
        return seen.Count == 0 ? null : seen;
    }

    private static List<Part>? SeenByResultReader(RecordDraft draft)
    {
        if (draft.Kind != RecordKind.EvaluationResult || draft.Envelope.Marking > Marking.Green || !draft.Envelope.Topics.Any(t => t.StartsWith("evaluation", StringComparison.Ordinal)))
            return null;
        List<Part> seen = [.. draft.Parts.Select(p => p.Part).Where(p => p.ResultSettings is null && p.ImportSource is null)];
        return seen.Count == 0 ? null : seen;
    }

    private static Dictionary<string, (Envelope Envelope, List<string> Parts)> Expect(
        List<RecordDraft> drafts, List<string> ids, Func<RecordDraft, List<Part>?> seenBy)
    {
        var expected = new Dictionary<string, (Envelope, List<string>)>();
        for (var i = 0; i < drafts.Count; i++)
        {
            if (seenBy(drafts[i]) is { } parts)
                expected.Add(ids[i], (drafts[i].Envelope, Bytes(parts)));
        }

        return expected;
    }

    private static async Task CompareAsync(TestNode node, Dictionary<string, (Envelope Envelope, List<string> Parts)> expected)
    {
        Assert.NotEmpty(expected);
        await node.WaitForInboundAsync("uk", l => l.LiveRecords == (ulong)expected.Count && l.State == InboundState.Tailing);
        var held = await node.ListAllAsync();
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), held.Values.Select(r => r.RecordId).Order(StringComparer.Ordinal));
        foreach (var record in held.Values)
        {
            var (envelope, parts) = expected[record.RecordId];
            Assert.Equal(envelope, record.Envelope);
            Assert.Equal(parts, Bytes(record.Parts.Select(p => p.Part)));
        }
    }

    private static List<string> Bytes(IEnumerable<Part> parts) => [.. parts.Select(p => Convert.ToHexString(p.ToByteArray())).Order(StringComparer.Ordinal)];

    private static async Task<List<WriteResult>> PublishAsync(TestNode node, List<RecordDraft> drafts)
    {
        using var call = node.Records.PublishRecords();
        var sending = SendAsync(call, drafts);
        var results = new List<WriteResult>();
        await foreach (var answer in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(answer.Failure is null, $"{drafts[(int)answer.Index].Provenance.PathInSet}: {answer.Failure}");
            Assert.Equal((ulong)results.Count, answer.Index);
            results.Add(answer.Result);
        }

        await sending;
        return results;
    }

    private static async Task SendAsync(AsyncDuplexStreamingCall<PublishRecordsRequest, PublishRecordsResponse> call, List<RecordDraft> drafts)
    {
        foreach (var draft in drafts)
            await call.RequestStream.WriteAsync(new PublishRecordsRequest { Record = draft }, TestContext.Current.CancellationToken);
        await call.RequestStream.CompleteAsync();
    }

    // Markings, topics and audiences vary over the files, so that every rule of the policies decides about some of them.
    private static List<RecordDraft> ImportAll()
    {
        var drafts = new List<RecordDraft>();
        foreach (var format in Importers.Formats)
        {
            var files = Fixtures.Of(format);
            for (var i = 0; i < files.Count; i++)
                drafts.AddRange(Importers.Import(format, files[i].Path, files[i].Content, HandlingOf(format, i)).Drafts);
        }

        Assert.Equal(178, drafts.Count);
        return drafts;
    }

    private static ImportHandling HandlingOf(string format, int index) => (format, index % 4) switch
    {
        ("avid", 3) => new ImportHandling(Marking.AmberStrict, [], ["security"]),
        ("avid", _) => new ImportHandling(Marking.Amber, [], ["security"]),
        ("eee", 0) => new ImportHandling(Marking.Amber, [], ["evaluation.agentic"]),
        ("eee", 1) => new ImportHandling(Marking.Green, [], ["robustness"]),
        ("eee", _) => new ImportHandling(Marking.Green, [], ["evaluation.language"]),
        (_, 0) => new ImportHandling(Marking.Red, ["jp"], ["go"]),
        (_, 1) => new ImportHandling(Marking.Red, ["au"], ["go"]),
        (_, 2) => new ImportHandling(Marking.Clear, [], ["go.private"]),
        _ => new ImportHandling(Marking.Clear, [], ["go"]),
    };
}
