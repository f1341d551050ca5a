using Federation.Node.Tests.Infrastructure;
using Federation.V1.Node;
using Federation.V1.Records;
using Grpc.Core;
using Xunit;

namespace Federation.Node.Tests.Records;

public sealed class RecordLimitTests : IAsyncLifetime
{
    private TestFederation federation = null!;
    private TestNode node = null!;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        federation = await TestFederation.StartAsync("uk");
        node = federation["uk"];
    }

    public ValueTask DisposeAsync() => federation.DisposeAsync();

    [Fact]
    public async Task A_record_of_255_KiB_is_taken_and_one_of_257_is_not()
    {
        var fits = Drafts.New(RecordKind.Flaw, "large", Marking.Green).With("a", Text(120 * 1024)).With("b", Text(120 * 1024)).With("c", Text(15 * 1024));

        await node.PublishAsync(fits);

        Assert.Equal("record.parts", await RefusedFieldAsync(fits.Clone().With("d", Text(2 * 1024))));
    }

    [Fact]
    public async Task A_part_below_128_KiB_is_taken_and_one_of_129_is_not()
    {
        await node.PublishAsync(Drafts.New(RecordKind.Flaw, "large", Marking.Green).With("a", Text(128 * 1024 - 100)));

        Assert.Equal("record.parts[0].part", await RefusedFieldAsync(Drafts.New(RecordKind.Flaw, "large", Marking.Green).With("a", Text(129 * 1024))));
    }

    [Fact]
    public async Task A_record_of_1000_parts_is_taken_and_one_of_1001_is_not()
    {
        var fits = Drafts.New(RecordKind.Flaw, "many", Marking.Green);
        for (var i = 0; i < 1000; i++)
            fits.With($"part-{i}", Text(10));

        var record = await node.PublishAsync(fits);

        Assert.Equal(1000, (await node.FindAsync("uk", record))!.Parts.Count);
        Assert.Equal("record.parts", await RefusedFieldAsync(fits.Clone().With("one-more", Text(10))));
    }

    [Fact]
    public async Task A_record_of_256_references_is_taken_and_one_of_257_is_not()
    {
        var target = await node.PublishAsync(Drafts.Flaw("target"));
        var fits = Drafts.New(RecordKind.Practice, "many", Marking.Green);
        for (var i = 0; i < 256; i++)
            fits.With($"link-{i}", new Part { Link = new Link { Type = LinkType.DerivedFrom, Target = Drafts.Reference("uk", target) } });

        await node.PublishAsync(fits);

        Assert.Equal("record.parts", await RefusedFieldAsync(fits.Clone().Linking("uk", target)));
    }

    [Fact]
    public async Task A_message_above_1_MiB_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(() => node.PublishAsync(Drafts.Flaw("huge", new string('x', 1024 * 1024))));

        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_reported_at_once()
    {
        var draft = Drafts.New(RecordKind.Flaw, "", Marking.Unspecified);
        draft.Envelope.Topics.Add("Not A Topic");
        draft.Audience.Add("NOT AN ID");
        draft.With("same", Text(3)).With("same", new Part { PracticeStatement = new PracticeStatement { Text = "no part of a flaw" } });

        var bad = await Refusals.Assert("FIELD_INVALID", () => node.PublishAsync(draft));

        Assert.Equal(
            ["record.audience[0]", "record.envelope.marking", "record.envelope.title", "record.envelope.topics[0]", "record.parts[1].key", "record.parts[1].part"],
            bad!.FieldViolations.Select(v => v.Field).Order(StringComparer.Ordinal));
        Assert.Empty(await node.ListAllAsync());
    }

    [Fact]
    public async Task Of_a_bulk_stream_each_good_record_is_published_and_each_bad_one_is_told_by_its_index()
    {
        const int count = 1200;
        using var bulk = node.Records.PublishRecords(cancellationToken: Now);
        var sending = SendAsync(bulk.RequestStream, count);
        var answers = new List<PublishRecordsResponse>();
        while (await bulk.ResponseStream.MoveNext(Now))
            answers.Add(bulk.ResponseStream.Current);
        await sending;

        Assert.Equal(Enumerable.Range(0, count).Select(i => (ulong)i), answers.Select(a => a.Index));
        var bad = answers.Where(a => a.OutcomeCase == PublishRecordsResponse.OutcomeOneofCase.Failure).ToList();
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (ulong)i * 100 + 7), bad.Select(a => a.Index));
        Assert.All(bad, a => Assert.Equal(("FIELD_INVALID", "record.envelope.title"), (a.Failure.Reason, Assert.Single(a.Failure.BadFields).Field)));
        var published = answers.Where(a => a.Result is not null).Select(a => $"uk/{a.Result.RecordId}").Order(StringComparer.Ordinal);
        Assert.Equal(published, (await node.ListAllAsync()).Keys);
    }

    [Fact]
    public async Task Each_answer_of_a_bulk_stream_comes_after_its_commit()
    {
        using var bulk = node.Records.PublishRecords(cancellationToken: Now);
        for (var i = 0; i < 20; i++)
        {
            await bulk.RequestStream.WriteAsync(new PublishRecordsRequest { Record = Drafts.Flaw($"flaw {i}") }, Now);
            Assert.True(await bulk.ResponseStream.MoveNext(Now));
            Assert.NotNull(await node.FindAsync("uk", bulk.ResponseStream.Current.Result.RecordId));
        }

        await bulk.RequestStream.CompleteAsync();
        Assert.False(await bulk.ResponseStream.MoveNext(Now));
    }

    private static Part Text(int bytes) => new() { FlawSummary = new FlawSummary { Description = new string('x', bytes) } };

    private static async Task SendAsync(IClientStreamWriter<PublishRecordsRequest> stream, int count)
    {
        for (var i = 0; i < count; i++)
            await stream.WriteAsync(new PublishRecordsRequest { Record = Drafts.Flaw(i % 100 == 7 ? "" : $"flaw {i}") }, Now);
        await stream.CompleteAsync();
    }

    private async Task<string> RefusedFieldAsync(RecordDraft draft)
    {
        var bad = await Refusals.Assert("LIMIT_EXCEEDED", () => node.PublishAsync(draft));
        return Assert.Single(bad!.FieldViolations).Field;
    }
}
