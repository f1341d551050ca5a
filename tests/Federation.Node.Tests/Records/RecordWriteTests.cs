using Federation.Node.Tests.Infrastructure;
using Federation.V1.Node;
using Federation.V1.Records;
using Grpc.Core;
using Xunit;

namespace Federation.Node.Tests.Records;

public sealed class RecordWriteTests : IAsyncLifetime
{
    private const string Nowhere = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa";

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
    public async Task The_same_request_under_the_same_key_returns_the_first_result_also_after_a_restart()
    {
        var first = await node.PublishAsync(Drafts.Flaw("once"), "key-1");

        Assert.Equal(first, await node.PublishAsync(Drafts.Flaw("once"), "key-1"));
        await node.StopAsync();
        await node.StartAsync();
        Assert.Equal(first, await node.PublishAsync(Drafts.Flaw("once"), "key-1"));
        Assert.Single(await node.ListAllAsync());
    }

    [Fact]
    public async Task Another_request_under_the_same_key_is_refused()
    {
        await node.PublishAsync(Drafts.Flaw("once"), "key-1");

        await Refusals.Assert("IDEMPOTENCY_KEY_REUSED", () => node.PublishAsync(Drafts.Flaw("another"), "key-1"));

        Assert.Single(await node.ListAllAsync());
    }

    [Fact]
    public async Task A_key_belongs_to_the_client_that_used_it()
    {
        var other = await node.AddClientAsync("other", "publisher");
        var first = await node.PublishAsync(Drafts.Flaw("once"), "key-1");

        var second = await other.Records.PublishRecordAsync(
            new PublishRecordRequest { Record = Drafts.Flaw("another"), IdempotencyKey = "key-1" }, cancellationToken: Now);

        Assert.NotEqual(first, second.Result.RecordId);
        Assert.Equal(2, (await node.ListAllAsync()).Count);
    }

    [Fact]
    public async Task A_key_covers_revisions_and_withdrawals_too()
    {
        var record = await node.PublishAsync(Drafts.Flaw("first"));
        var revise = new ReviseRecordRequest { RecordId = record, ExpectedRevision = 1, Record = Drafts.Flaw("second"), IdempotencyKey = "revise" };
        var withdraw = new WithdrawRecordRequest { RecordId = record, ExpectedRevision = 2, ReasonCode = "ERROR", IdempotencyKey = "withdraw" };

        for (var i = 0; i < 2; i++)
            Assert.Equal(2U, (await node.Records.ReviseRecordAsync(revise, cancellationToken: Now)).Result.Revision);
        for (var i = 0; i < 2; i++)
            Assert.Equal(3U, (await node.Records.WithdrawRecordAsync(withdraw, cancellationToken: Now)).Result.Revision);
    }

    [Fact]
    public async Task Changing_another_revision_than_the_present_one_is_refused()
    {
        var record = await node.PublishAsync(Drafts.Flaw("first"));
        await node.ReviseAsync(record, 1, Drafts.Flaw("second"));

        await Refusals.Assert("REVISION_CONFLICT", () => node.ReviseAsync(record, 1, Drafts.Flaw("also second")));
        await Refusals.Assert("REVISION_CONFLICT", () => node.ReviseAsync(record, 3, Drafts.Flaw("ahead")));
        await Refusals.Assert("REVISION_CONFLICT", () => node.WithdrawAsync(record, 1));
        await Refusals.Assert("REVISION_CONFLICT", () => node.EraseAsync(record, 1));

        Assert.Equal("second", (await node.FindAsync("uk", record))!.Envelope.Title);
    }

    [Fact]
    public async Task Of_concurrent_revisions_one_wins()
    {
        var record = await node.PublishAsync(Drafts.Flaw("first"));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                return await node.ReviseAsync(record, 1, Drafts.Flaw($"attempt {i}"));
            }
            catch (RpcException refusal)
            {
                Refusals.Assert("REVISION_CONFLICT", refusal);
                return 0U;
            }
        }));

        Assert.Equal([2U], outcomes.Where(o => o > 0));
    }

    [Fact]
    public async Task Only_its_originator_changes_a_record()
    {
        federation.Add(await TestNode.StartNewAsync("jp"));
        await federation.LetFollowAsync("uk", "jp", TestPolicies.Everything);
        var record = await node.PublishAsync(Drafts.Flaw("of uk"));
        await federation["jp"].WaitForRecordAsync("uk", record);

        await Refusals.Assert("NOT_ORIGINATOR", () => federation["jp"].ReviseAsync(record, 1, Drafts.Flaw("of jp")));
        await Refusals.Assert("NOT_ORIGINATOR", () => federation["jp"].WithdrawAsync(record, 1));
        await Refusals.Assert("NOT_ORIGINATOR", () => federation["jp"].EraseAsync(record, 1));
        await Refusals.Assert("RECORD_NOT_FOUND", () => federation["jp"].WithdrawAsync(Nowhere, 1));
    }

    [Fact]
    public async Task A_draft_is_seen_by_publishers_only_and_a_published_record_never_becomes_one()
    {
        var reader = (await node.AddClientAsync("reader", "reader")).Records;
        var draft = Drafts.Flaw("in work");
        draft.Draft = true;
        var record = await node.PublishAsync(draft);

        Assert.True((await node.FindAsync("uk", record))!.Handling.Draft);
        await Refusals.Assert("RECORD_NOT_FOUND", async () => await reader.GetRecordAsync(new GetRecordRequest { RecordId = record }, cancellationToken: Now));
        Assert.Empty((await reader.ListRecordsAsync(new ListRecordsRequest(), cancellationToken: Now)).Records);
        await node.ReviseAsync(record, 1, Drafts.Flaw("done"));
        Assert.Null((await reader.GetRecordAsync(new GetRecordRequest { RecordId = record }, cancellationToken: Now)).Record.Handling);

        var bad = await Refusals.Assert("FIELD_INVALID", () => node.ReviseAsync(record, 2, draft));
        Assert.Equal("record.draft", Assert.Single(bad!.FieldViolations).Field);
    }

    [Fact]
    public async Task An_erased_record_is_gone_and_its_body_and_keys_are_out_of_the_files()
    {
        var record = await node.PublishAsync(Drafts.Flaw("to be erased"));

        await node.EraseAsync(record, 1);
        await node.EraseAsync(record, 1);

        Assert.Null(await node.FindAsync("uk", record));
        await Refusals.Assert("RECORD_ERASED", () => node.WithdrawAsync(record, 1));
        using var database = node.OpenDatabase();
        Assert.Equal((0L, 0L), (database.Scalar("SELECT count(*) FROM body"), database.Scalar("SELECT count(*) FROM rec_key")));
    }

    [Fact]
    public async Task A_kind_never_changes_and_an_unknown_record_is_not_found()
    {
        var record = await node.PublishAsync(Drafts.Flaw("a flaw"));

        await Refusals.Assert("FIELD_INVALID", () => node.ReviseAsync(record, 1, Drafts.Practice("now a practice")));
        await Refusals.Assert("RECORD_NOT_FOUND", () => node.ReviseAsync(Nowhere, 1, Drafts.Flaw("nothing")));
        await Refusals.Assert("FIELD_INVALID", () => node.ReviseAsync("not-an-id", 1, Drafts.Flaw("nothing")));
    }

    [Fact]
    public async Task An_annotation_is_marked_at_least_as_high_as_its_target()
    {
        var target = await node.PublishAsync(Drafts.Flaw("a flaw", marking: Marking.Amber));

        var bad = await Refusals.Assert("FIELD_INVALID", () => node.PublishAsync(Drafts.Annotation("uk", target, Marking.Green)));

        Assert.Equal("record.envelope.marking", Assert.Single(bad!.FieldViolations).Field);
        await node.PublishAsync(Drafts.Annotation("uk", target, Marking.Amber));
    }
}
