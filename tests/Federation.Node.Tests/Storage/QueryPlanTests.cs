using System.Runtime.CompilerServices;
using Federation.Node.Storage;
using Federation.Node.Storage.Sqlite;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using SQLitePCL;
using Xunit;
using Xunit.Sdk;

namespace Federation.Node.Tests.Storage;

/// <summary>
/// Plans of the statements that operations really run, as SQLite's trace tells them. No statistics are ever gathered, so that a plan depends on
/// the schema and the statement alone, and is the same over an empty database and over a million records.
/// </summary>
public sealed class QueryPlanTests
{
    private static readonly RecordName Target = new(InstituteId.Parse("aisi-uk"), RecordId.Read(new byte[RecordId.SizeBytes]));
    private static readonly SelectionClause ByColumns = new() { Kinds = [1, 2], LowestMarking = 1, HighestMarking = 3, AnyMarkingAbove = 2, Types = 6 };
    private static readonly SelectionClause ByMarking = new() { AnyMarkingAbove = 2 };
    private static readonly SelectionClause ByTopics = new() { Topics = [("cbrn", true), ("cyber", false)] };

    [Fact]
    public void The_last_change_number_comes_from_its_index_and_not_from_every_record()
    {
        var plan = PlanOf(session => session.Scalar(NodeRows.LastChange));

        Assert.Contains("USING COVERING INDEX record_changed", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void A_selection_by_kinds_markings_and_part_types_reads_one_index_and_no_record()
    {
        var plan = PlanOf(new RecordSelection([ByColumns], []));

        Assert.Contains("SEARCH r USING COVERING INDEX record_attr (kind=?", plan, StringComparison.Ordinal);
        AssertNoRecordRead(plan);
    }

    [Fact]
    public void A_selection_by_marking_alone_reads_one_index_and_no_record()
    {
        var plan = PlanOf(new RecordSelection([ByMarking], []));

        Assert.Contains("SCAN r USING COVERING INDEX record_attr", plan, StringComparison.Ordinal);
        AssertNoRecordRead(plan);
    }

    [Fact]
    public void Everything_is_read_in_the_order_of_public_ids_from_their_index_and_sorted_nowhere()
    {
        var plan = PlanOf(RecordSelection.Everything, request => request with { WithReferrers = true, ChangedAfterN = 7, DueMs = 7, Partner = 1, Held = true });

        Assert.Contains("SEARCH x USING COVERING INDEX sqlite_autoindex_record_1 (origin=? AND rid>?)", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("B-TREE", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void What_changed_and_what_is_due_is_found_by_change_number_and_by_moment()
    {
        var plan = PlanOf(new RecordSelection([], []), request => request with { ChangedAfterN = 7, DueMs = 7, Partner = 1 });

        Assert.Contains("SEARCH r USING INDEX record_changed (changed_n>?)", plan, StringComparison.Ordinal);
        AssertNoScan(plan);
    }

    [Fact]
    public void A_selection_by_topics_finds_them_in_their_index()
    {
        foreach (var clause in (SelectionClause[])[ByTopics, ByTopics with { Kinds = [1] }])
        {
            var plan = PlanOf(new RecordSelection([clause], []));

            Assert.Contains("record_topic_topic (topic=?", plan, StringComparison.Ordinal);
            Assert.Contains("record_topic_topic (topic>? AND topic<?", plan, StringComparison.Ordinal);
            AssertNoScan(plan);
        }
    }

    [Fact]
    public void A_selection_by_groups_reads_the_records_that_name_them()
    {
        var plan = PlanOf(new RecordSelection([], ["allies"]));

        Assert.Contains("SEARCH a USING PRIMARY KEY (grp=?", plan, StringComparison.Ordinal);
        AssertNoScan(plan);
    }

    [Fact]
    public void Every_part_of_a_selection_keeps_its_index_when_several_are_joined()
    {
        var plan = PlanOf(new RecordSelection([ByColumns, ByTopics, ByMarking], ["allies"]));

        Assert.Contains("SEARCH r USING COVERING INDEX record_attr (kind=?", plan, StringComparison.Ordinal);
        Assert.Contains("record_topic_topic (topic=?", plan, StringComparison.Ordinal);
        Assert.Contains("SCAN r USING COVERING INDEX record_attr", plan, StringComparison.Ordinal);
        Assert.Matches("(?m)^(SEARCH a USING PRIMARY KEY|SEARCH a USING COVERING INDEX|SCAN a USING COVERING INDEX)", plan);
        AssertNoScan(plan);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_partner_holds_is_looked_up_by_record_and_partner(bool held)
    {
        var plan = PlanOf(new RecordSelection([ByColumns], []), request => request with { Partner = 1, Held = held });

        Assert.Contains("SEARCH d", plan, StringComparison.Ordinal);
        Assert.Contains("PRIMARY KEY (rec=? AND p=?)", plan, StringComparison.Ordinal);
        AssertNoRecordRead(plan);
    }

    [Fact]
    public void Referrers_of_selected_records_are_found_by_what_they_refer_to()
    {
        var plan = PlanOf(new RecordSelection([ByColumns], []), request => request with { WithReferrers = true });

        Assert.Contains("SEARCH l USING PRIMARY KEY (origin=? AND rid=?", plan, StringComparison.Ordinal);
        AssertNoScan(plan);
    }

    [Fact]
    public void Copies_that_may_be_passed_on_are_selected_from_an_index_of_their_own()
    {
        var byColumns = PlanOf(
            session => SelectionRows.Read(session, new SelectionRequest { Selection = new RecordSelection([ByColumns], []), WithReferrers = true, Limit = 10 }), Copy);
        var all = PlanOf(session => SelectionRows.Read(session, new SelectionRequest { Selection = new RecordSelection([], []), Onward = true, Limit = 10 }), Copy);

        Assert.Contains("SEARCH r USING COVERING INDEX record_onward (kind=?", byColumns, StringComparison.Ordinal);
        Assert.Contains("SEARCH l USING PRIMARY KEY (origin=? AND rid=?", byColumns, StringComparison.Ordinal);
        AssertNoScan(byColumns);
        Assert.Contains("SCAN c USING COVERING INDEX record_onward", all, StringComparison.Ordinal);
        AssertNoScan(all);
    }

    [Fact]
    public void Where_no_copy_may_be_passed_on_one_look_into_an_empty_index_says_so()
    {
        var plan = PlanOf(session => SelectionRows.Read(session, new SelectionRequest { Selection = new RecordSelection([ByColumns], []), Limit = 10 }));

        Assert.Single(plan.Split('\n'), step => step.Contains("record_onward", StringComparison.Ordinal));
        Assert.Contains("SEARCH record USING COVERING INDEX record_onward (kind>?)", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void What_waits_to_be_judged_is_found_by_change_number_copies_included()
    {
        var plan = PlanOf(session => Assert.Contains(9, PendingRows.Read(session, 2, 100, 0, []).Recs), Copy);

        Assert.Contains("SEARCH record USING INDEX record_changed (changed_n>? AND changed_n<?)", plan, StringComparison.Ordinal);
        AssertNoScan(plan);
    }

    [Fact]
    public void Holders_are_found_by_origin_and_record()
    {
        var plan = PlanOf(session => Assert.NotNull(OnwardRows.ReadHolders(session, new HolderQuery(Target.Origin, 1, null, null, 10))));

        Assert.Contains("SEARCH r USING COVERING INDEX sqlite_autoindex_record_1 (origin=? AND rid>? AND rid<?)", plan, StringComparison.Ordinal);
        Assert.Contains("SEARCH d USING PRIMARY KEY (rec=?)", plan, StringComparison.Ordinal);
        AssertNoScan(plan);
    }

    [Fact]
    public void A_page_of_records_looks_up_other_copies_of_what_was_passed_on_by_name()
    {
        var plan = PlanOf(session => QueryRows.Read(session, new RecordQuery { AfterChangedN = 0, Limit = 10, Statuses = [RecordStatus.Live] }), Copy);

        Assert.Contains("SEARCH d USING INDEX sqlite_autoindex_record_1 (origin=? AND rid=?", plan, StringComparison.Ordinal);
        AssertNoScan(plan);
    }

    [Fact]
    public void A_flip_is_noted_and_worked_off_by_keys()
    {
        var noted = PlanOf(session => Assert.True(DisclosureWriting.Append(session, OneEntry, "boot")));
        var workedOff = PlanOf(session => Assert.Single(ReconcileRows.ReadReferrers(session, [1])));

        Assert.Contains("SEARCH l EXISTS USING PRIMARY KEY (origin=? AND rid=?)", noted, StringComparison.Ordinal);
        AssertNoScan(noted);
        Assert.Contains("SEARCH l USING PRIMARY KEY (origin=? AND rid=?)", workedOff, StringComparison.Ordinal);
        AssertNoScan(workedOff);
    }

    [Fact]
    public void Listed_records_are_read_by_their_numbers()
    {
        var plan = PlanOf(session => Assert.Equal(2, ReconcileRows.Read(session, 1, [1, 2]).Candidates.Count));

        Assert.Contains("SEARCH r USING INTEGER PRIMARY KEY (rowid=?)", plan, StringComparison.Ordinal);
        AssertNoScan(plan);
    }

    [Fact]
    public void Removals_and_history_start_at_their_sequence_number()
    {
        var removals = PlanOf(session => HistoryRows.ReadRemovals(session, 1, 5, long.MaxValue, 10));
        var entries = PlanOf(session => HistoryRows.Read(session, 1, 5, 10));

        foreach (var plan in (string[])[removals, entries])
        {
            Assert.Contains("SEARCH l USING PRIMARY KEY (p=? AND seq>?)", plan, StringComparison.Ordinal);
            Assert.Contains("SEARCH r USING INTEGER PRIMARY KEY (rowid=?)", plan, StringComparison.Ordinal);
            AssertNoScan(plan);
        }
    }

    [Fact]
    public void The_history_of_a_record_and_its_archived_facts_are_found_by_keys()
    {
        var plan = PlanOf(session =>
        {
            Assert.True(DisclosureWriting.Append(session, OneEntry, "boot"));
            Assert.NotNull(HistoryRows.ReadArchive(session, 1, 0));
            Assert.Single(HistoryRows.ReadOf(session, 1, Target, 10));
        });

        Assert.Contains("SEARCH revision USING PRIMARY KEY (rec=?", plan, StringComparison.Ordinal);
        Assert.Contains("SEARCH d USING PRIMARY KEY (rec=? AND p=?)", plan, StringComparison.Ordinal);
        AssertNoScan(plan);
    }

    [Fact]
    public void Only_the_count_of_all_records_reads_them_all_and_the_check_of_these_tests_sees_it()
    {
        var plan = PlanOf(session => NodeRows.ReadCounts(session));

        Assert.ThrowsAny<XunitException>(() => AssertNoScan(plan));
    }

    // One copy of another institute's record.
    private const string Copy = """
        INSERT INTO record(rec, origin, rid, source, kind, schema, version, status, changed_n, received_ms, shape, onward)
          VALUES(9, x'6A700000000000000000000000000000', zeroblob(16), 1, 1, 1, 1, 0, 9, 0, x'', 1);
        """;

    private static DisclosureBatch OneEntry => new()
    {
        Appends =
        [
            new PartnerAppend
            {
                Incarnation = 0,
                Partner = 1,
                ExpectedSize = 0,
                Context = new DecisionContext(1, 0, 0),
                Entries = [new LedgerEntry(0, (byte)LedgerOperation.Disclose, 1, 1, Digest.Zero)],
                Decisions = [new EntryDecision(0, 0, 1, 2)],
                Range = [],
                LiveCount = 1,
                Buckets = [],
                Tiles = [],
            },
        ],
        Judged = [(1, 1)],
        FlipsNoted = [(1, 1)],
        ViewSignatures = [],
        TimersCleared = [],
        TimersSet = [],
    };

    private static string PlanOf(RecordSelection selection, Func<SelectionRequest, SelectionRequest>? more = null)
    {
        var request = new SelectionRequest { Selection = selection, Limit = 10 };
        return PlanOf(session => SelectionRows.Read(session, more is null ? request : more(request)));
    }

    // The plans of everything that an operation runs over the content, a line a step.
    private static string PlanOf(Action<SqliteSession> operation, string more = "")
    {
        Batteries_V2.Init();
        using var session = SqliteSession.Open(":memory:", 1024);
        SqliteSchema.Migrate(session);
        session.Run(Content());
        if (more.Length > 0)
            session.Run(more);
        var ran = new List<string>();
        raw.sqlite3_trace(DatabaseOf(session), (_, statement) => ran.Add(statement), null);
        operation(session);
        raw.sqlite3_trace(DatabaseOf(session), default(strdelegate_trace), null);
        Assert.NotEmpty(ran);
        return string.Join('\n', ran.Distinct(StringComparer.Ordinal).SelectMany(statement => Explain(session, statement)));
    }

    // One record that another one refers to, with its history, and one partner with a ledger that holds nothing.
    private static string Content()
    {
        Span<byte> institute = stackalloc byte[InstituteId.SizeBytes];
        Target.Origin.Write(institute);
        var (origin, target, referrer) = (Convert.ToHexString(institute), new string('0', 2 * RecordId.SizeBytes), new string('1', 2 * RecordId.SizeBytes));
        return $"""
            INSERT INTO record(rec, origin, rid, source, kind, schema, version, status, changed_n, received_ms, shape)
              VALUES(1, x'{origin}', x'{target}', 0, 1, 1, 1, 1, 1, 0, x''), (2, x'{origin}', x'{referrer}', 0, 1, 1, 1, 1, 2, 0, x'');
            INSERT INTO link(origin, rid, rec) VALUES(x'{origin}', x'{target}', 2);
            INSERT INTO revision(rec, revision, author, at_ms, summary) VALUES(1, 1, '', 0, '');
            INSERT INTO partner(p, iid, card, root, share, follow, epoch) VALUES(1, x'{origin}', x'', x'', 1, 0, 1);
            INSERT INTO ledger_head(p, ledger, incarnation, size, range, live_count, buckets, signed_size, confirmed_boot, follower_boot, forked)
              VALUES(1, x'', 0, 0, x'', 0, x'', 0, '', '', 0);
            """;
    }

    private static List<string> Explain(SqliteSession session, string statement)
    {
        using var rows = session.UseOnce($"EXPLAIN QUERY PLAN {statement}");
        var steps = new List<string>();
        while (rows.Step())
            steps.Add(rows.Text(3));
        return steps;
    }

    // Of the tables that grow with records and entries only the index of attributes is ever walked whole. What a statement makes for itself, and
    // tables of a few rows, may be.
    private static void AssertNoScan(string plan) =>
        Assert.DoesNotMatch(
            @"(?m)^SCAN (r|t|l|d|a|record|record_topic|record_audience|link|revision|ledger|disclosed|timer)\b(?! USING COVERING INDEX record_attr$)", plan);

    // Nor is any record looked up by its number: everything is in the index.
    private static void AssertNoRecordRead(string plan)
    {
        AssertNoScan(plan);
        Assert.DoesNotMatch(@"(?m)^(SEARCH|SCAN) r (?!USING COVERING INDEX)", plan);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "database")]
    private static extern ref sqlite3 DatabaseOf(SqliteSession session);
}
