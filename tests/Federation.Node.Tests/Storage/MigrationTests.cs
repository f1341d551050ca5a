using System.Reflection;
using Federation.Node.Storage;
using Federation.Node.Storage.Sqlite;
using Federation.Node.Tests.Cli;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Xunit;

namespace Federation.Node.Tests.Storage;

/// <summary>A database that version 1 wrote, opened by this program: nothing is lost, and what version 1 did not note is always looked at.</summary>
public sealed class MigrationTests : IDisposable
{
    private readonly TestDirectory directory = new();
    private readonly List<Exception> faults = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Database => directory.Inside("federation.db");

    public void Dispose()
    {
        directory.Dispose();
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Old_records_are_selected_whatever_is_asked_of_columns_that_they_lack()
    {
        WriteVersion1();
        await using var store = Open();
        Assert.Equal(3, (await store.ReadNodeAsync(Token)).Schema);
        await store.WriteRecordAsync(StoreRecords.Write(9), Token);

        Assert.Equal([1L, 2, 3], await SelectAsync(store, new SelectionClause { Types = 1L << 40, AnyMarkingAbove = 4 }));
        Assert.Equal([2L], await SelectAsync(store, new SelectionClause { Kinds = [2], Types = 1L << 40 }));
        // What version 1 did note counts: the kind, the record's own marking, the topics.
        Assert.Equal([2L, 3], await SelectAsync(store, new SelectionClause { LowestMarking = 2, Types = 1L << 40 }));
        Assert.Equal([3L], await SelectAsync(store, new SelectionClause { Topics = [("cyber", true)], AnyMarkingAbove = 4 }));
        Assert.Equal([1L, 2, 3, 4], await SelectAsync(store, new SelectionClause()));
    }

    [Fact]
    public async Task An_old_record_that_is_revised_is_selected_by_what_it_says_from_then_on()
    {
        WriteVersion1();
        await using var store = Open();
        Assert.Equal(WriteVerdict.Written, (await store.WriteRecordAsync(StoreRecords.Write(1, 1), Token)).Verdict);
        Assert.Equal([2L, 3], await SelectAsync(store, new SelectionClause { Types = 1L << 40 }));
    }

    [Fact]
    public async Task Partners_that_are_shared_with_are_swept_whole_and_others_not()
    {
        WriteVersion1();
        await using var store = Open();
        var node = await store.ReadNodeAsync(Token);
        Assert.Equal([(1, true), (2, false)], node.Partners.Select(p => (p.Number, p.Share)));
        var sweep = Assert.Single(node.Sweeps);
        Assert.Equal((1, 3L, -1L, false), (sweep.Partner, sweep.Epoch, sweep.BaseEpoch, sweep.HeldDone));
        Assert.Equal("version: 1 of epoch 3", Assert.Single(await store.ReadPoliciesAsync(1, long.MaxValue, 10, Token)).Text);
    }

    [Fact]
    public async Task Old_entries_stand_in_the_ledger_and_say_that_nobody_knows_what_decided_them()
    {
        WriteVersion1();
        await using var store = Open();
        var entry = Assert.Single(await store.ReadEntriesAsync(1, 0, 10, Token));
        Assert.Equal((0UL, 2L, StoreRecords.Name(2)), (entry.Entry.Seq, entry.Entry.Rec, entry.Name));
        Assert.Equal(new EntryDecision(-1, 0, 0, 0), entry.Decision);
        Assert.Equal(new DecisionContext(0, 0, 0), entry.Context);
        var archived = (await store.ReadDecisionAsync(1, 0, Token))!;
        Assert.Null(archived.Policy);
    }

    private static async Task<IReadOnlyList<long>> SelectAsync(SqliteNodeStore store, SelectionClause clause) =>
        [.. (await store.SelectRecordsAsync(new SelectionRequest { Selection = new RecordSelection([clause], []), Limit = 100 }, Token)).Select(r => r.Rec)];

    private SqliteNodeStore Open() => SqliteNodeStore.Open(Database, "boot", faults.Add);

    // Three records of the kinds 1 to 3 with the markings 1 to 3, the last one with a topic; a partner with a policy and one entry, and
    // a partner with whom nothing is shared. The first step is private to the schema, and is what version 1 was.
    private void WriteVersion1()
    {
        SQLitePCL.Batteries_V2.Init();
        var first = typeof(SqliteSchema).GetField("Step1", BindingFlags.NonPublic | BindingFlags.Static)!;
        using var session = SqliteSession.Open(Database, 1024);
        session.Run((string)first.GetRawConstantValue()!);
        for (var i = 1; i <= 3; i++)
        {
            session.Use("""
                INSERT INTO record(rec, origin, rid, source, kind, schema, version, status, changed_n, received_ms, tlp, state, language, title, shape)
                VALUES(?1, ?2, ?3, 0, ?1, 1, 1, 0, ?1, 5, ?1, 1, 'en', 'old', ?4)
                """).Bind(1, i).Bind(2, StoreRecords.Own).Bind(3, StoreRecords.Name(i).Id).Bind(4, StoreRecords.Shape($"old {i}").Encode()).Execute();
            session.Use("INSERT INTO rec_key(rec, k, dek) VALUES(?1, x'01', x'02')").Bind(1, i).Execute();
            session.Use("INSERT INTO body(rec, bytes) VALUES(?1, x'03')").Bind(1, i).Execute();
            session.Use("INSERT INTO revision(rec, revision, author, at_ms, summary) VALUES(?1, 1, 'old', 5, '')").Bind(1, i).Execute();
        }

        session.Run("INSERT INTO record_topic(rec, topic) VALUES(3, 'cyber.scan')");
        foreach (var (number, institute) in new[] { (1, StoreRecords.Other), (2, InstituteId.Parse("jp")) })
        {
            session.Use("INSERT INTO partner(p, iid, card, root, share, follow, epoch) VALUES(?1, ?2, x'01', ?3, ?4, 0, 3)")
                .Bind(1, number).Bind(2, institute).Bind(3, Digest.Sha256([1])).Bind(4, number == 1 ? 1 : 0).Execute();
        }

        session.Use("INSERT INTO policy(p, epoch, doc, class, at_ms) VALUES(1, 3, 'version: 1 of epoch 3', ?1, 5)").Bind(1, Digest.Sha256([3])).Execute();
        WriteOldLedger(session);
        session.Run("PRAGMA user_version=1");
    }

    private static void WriteOldLedger(SqliteSession session)
    {
        var range = new CompactRange();
        range.Append(Digest.Sha256([7]));
        session.Use("""
            INSERT INTO ledger_head(p, ledger, incarnation, size, range, live_count, buckets, signed_size, confirmed_boot, follower_boot, forked)
            VALUES(1, ?1, 1, 1, ?2, 1, ?3, 1, '', '', 0)
            """).Bind(1, (ReadOnlySpan<byte>)new byte[16]).Bind(2, range.Encode()).Bind(3, new LiveSet().Encode()).Execute();
        session.Use("INSERT INTO ledger(p, seq, op, rec, vrev, stmt_hash) VALUES(1, 0, 1, 2, 1, ?1)").Bind(1, Digest.Sha256([8])).Execute();
        session.Use("INSERT INTO disclosed(rec, p, seq, op, vrev, stmt_hash, first_seq, never_sent) VALUES(2, 1, 0, 1, 1, ?1, 0, 0)")
            .Bind(1, Digest.Sha256([8])).Execute();
    }
}
