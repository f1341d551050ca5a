using SQLitePCL;

namespace Federation.Node.Storage.Sqlite;

/// <summary>The schema and its migrations: `PRAGMA user_version` counts the steps that were taken.</summary>
internal static class SqliteSchema
{
    /// <summary>The version that this program reads and writes.</summary>
    public const int Version = 3;

    /// <summary>The size of a database page; chosen by measurement on this schema with 2 KiB records.</summary>
    public const int PageSizeBytes = 8192;

    // 3.7.0 to 3.51.2 can corrupt the log when a checkpoint races a writer on another connection.
    private const int OldestSafeSqlite = 3_051_003;

    private static readonly string[] Steps = [Step1, Step2, Step3];

    /// <summary>Takes the steps that the database lacks, each in a transaction of its own.</summary>
    public static void Migrate(SqliteSession session)
    {
        if (raw.sqlite3_libversion_number() < OldestSafeSqlite)
            throw new StoreFaultException($"SQLite {raw.sqlite3_libversion().utf8_to_string()} is older than 3.51.3, which fixes a corruption of the log");
        var version = (int)(session.Scalar("PRAGMA user_version") ?? 0);
        if (version > Version)
            throw new StoreFaultException($"the database has schema {version}; this program knows schemas up to {Version}");
        for (; version < Version; version++)
        {
            session.Run("BEGIN IMMEDIATE");
            session.Run(Steps[version]);
            session.Run($"PRAGMA user_version={version + 1}");
            session.Run("COMMIT");
        }
    }

    private const string Step1 = """
        CREATE TABLE record(
          rec INTEGER PRIMARY KEY, origin BLOB NOT NULL, rid BLOB NOT NULL, source INTEGER NOT NULL, kind INTEGER NOT NULL, schema INTEGER NOT NULL,
          version INTEGER NOT NULL, status INTEGER NOT NULL, changed_n INTEGER, received_ms INTEGER NOT NULL, tlp INTEGER, state INTEGER,
          severity INTEGER, availability INTEGER, language TEXT, title TEXT, issued_ms INTEGER, shape BLOB NOT NULL, seq INTEGER, reason TEXT,
          UNIQUE(origin, rid, source)) STRICT;
        CREATE UNIQUE INDEX record_changed ON record(changed_n) WHERE changed_n IS NOT NULL;
        CREATE TABLE record_topic(rec INTEGER NOT NULL, topic TEXT NOT NULL, PRIMARY KEY(rec, topic)) STRICT, WITHOUT ROWID;
        CREATE TABLE body(rec INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
        CREATE TABLE rec_key(rec INTEGER PRIMARY KEY, k BLOB, dek BLOB NOT NULL) STRICT;
        CREATE TABLE link(origin BLOB NOT NULL, rid BLOB NOT NULL, rec INTEGER NOT NULL, PRIMARY KEY(origin, rid, rec)) STRICT, WITHOUT ROWID;
        CREATE INDEX link_rec ON link(rec);
        CREATE TABLE revision(rec INTEGER NOT NULL, revision INTEGER NOT NULL, author TEXT NOT NULL, at_ms INTEGER NOT NULL, summary TEXT NOT NULL,
          PRIMARY KEY(rec, revision)) STRICT, WITHOUT ROWID;
        CREATE TABLE import(scheme TEXT NOT NULL, external_id TEXT NOT NULL, path TEXT NOT NULL, rec INTEGER NOT NULL, digest BLOB NOT NULL,
          PRIMARY KEY(scheme, external_id, path)) STRICT, WITHOUT ROWID;
        CREATE INDEX import_rec ON import(rec);
        CREATE TABLE idem(client TEXT NOT NULL, key TEXT NOT NULL, digest BLOB NOT NULL, rid BLOB NOT NULL, version INTEGER NOT NULL, at_ms INTEGER NOT NULL,
          PRIMARY KEY(client, key)) STRICT, WITHOUT ROWID;
        CREATE INDEX idem_at ON idem(at_ms);

        CREATE TABLE partner(p INTEGER PRIMARY KEY, iid BLOB NOT NULL UNIQUE, card BLOB NOT NULL, root BLOB NOT NULL, share INTEGER NOT NULL,
          follow INTEGER NOT NULL, epoch INTEGER NOT NULL) STRICT;
        CREATE TABLE policy(p INTEGER NOT NULL, epoch INTEGER NOT NULL, doc TEXT NOT NULL, class BLOB NOT NULL, at_ms INTEGER NOT NULL,
          PRIMARY KEY(p, epoch)) STRICT;
        CREATE TABLE sweep(p INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, pos INTEGER NOT NULL) STRICT;
        CREATE TABLE position(name TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE client(name TEXT PRIMARY KEY, spki BLOB NOT NULL UNIQUE, roles INTEGER NOT NULL, added_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE ledger_head(p INTEGER PRIMARY KEY, ledger BLOB NOT NULL, incarnation INTEGER NOT NULL, size INTEGER NOT NULL, range BLOB NOT NULL,
          live_count INTEGER NOT NULL, buckets BLOB NOT NULL, signed_size INTEGER NOT NULL, confirmed_boot TEXT NOT NULL, follower_boot TEXT NOT NULL,
          forked INTEGER NOT NULL) STRICT;
        CREATE TABLE ledger(p INTEGER NOT NULL, seq INTEGER NOT NULL, op INTEGER NOT NULL, rec INTEGER NOT NULL, vrev INTEGER NOT NULL, stmt_hash BLOB,
          PRIMARY KEY(p, seq)) STRICT, WITHOUT ROWID;
        CREATE TABLE disclosed(rec INTEGER NOT NULL, p INTEGER NOT NULL, seq INTEGER NOT NULL, op INTEGER NOT NULL, vrev INTEGER NOT NULL, stmt_hash BLOB,
          first_seq INTEGER NOT NULL, never_sent INTEGER NOT NULL, PRIMARY KEY(rec, p)) STRICT, WITHOUT ROWID;
        CREATE TABLE tile(p INTEGER NOT NULL, level INTEGER NOT NULL, idx INTEGER NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY(p, level, idx)) STRICT;
        CREATE TABLE view(stmt_hash BLOB NOT NULL, rec INTEGER NOT NULL, sig BLOB NOT NULL, PRIMARY KEY(rec, stmt_hash)) STRICT, WITHOUT ROWID;
        CREATE TABLE timer(p INTEGER NOT NULL, rec INTEGER NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY(p, rec)) STRICT, WITHOUT ROWID;
        CREATE INDEX timer_at ON timer(at_ms);
        CREATE TABLE receipt(p INTEGER NOT NULL, size INTEGER NOT NULL, time_ms INTEGER NOT NULL, bytes BLOB NOT NULL, sig BLOB NOT NULL,
          PRIMARY KEY(p, size)) STRICT, WITHOUT ROWID;

        CREATE TABLE follow(src INTEGER PRIMARY KEY, ledger BLOB NOT NULL, incarnation INTEGER NOT NULL, size INTEGER NOT NULL, range BLOB NOT NULL,
          head BLOB NOT NULL, head_sig BLOB NOT NULL, live_count INTEGER NOT NULL, buckets BLOB NOT NULL, state INTEGER NOT NULL,
          receipt_size INTEGER NOT NULL, fault TEXT NOT NULL) STRICT;
        CREATE TABLE in_entry(src INTEGER NOT NULL, seq INTEGER NOT NULL, leaf BLOB NOT NULL, PRIMARY KEY(src, seq)) STRICT, WITHOUT ROWID;
        CREATE TABLE evidence(n INTEGER PRIMARY KEY, p INTEGER NOT NULL, fault TEXT NOT NULL, detail TEXT NOT NULL, at_ms INTEGER NOT NULL,
          objects BLOB NOT NULL) STRICT;
        """;

    // What decided an entry, and archived facts, so that a decision can be made again; groups; sweeps that know where a change can matter;
    // flips whose referrers are still to be judged. Columns of a record that a version 1 wrote stay null, and null is always looked at.
    private const string Step2 = """
        ALTER TABLE record ADD COLUMN highest_tlp INTEGER;
        ALTER TABLE record ADD COLUMN types INTEGER;
        CREATE INDEX record_attr ON record(kind, tlp, highest_tlp, types, rid) WHERE source = 0;
        CREATE TABLE record_audience(grp TEXT NOT NULL, rec INTEGER NOT NULL, PRIMARY KEY(grp, rec)) STRICT, WITHOUT ROWID;
        CREATE INDEX record_audience_rec ON record_audience(rec);
        CREATE INDEX record_topic_topic ON record_topic(topic, rec);
        ALTER TABLE revision ADD COLUMN changed_n INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE revision ADD COLUMN status INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE revision ADD COLUMN shape BLOB;
        ALTER TABLE partner ADD COLUMN membership INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE policy ADD COLUMN author TEXT NOT NULL DEFAULT '';
        CREATE TABLE membership(n INTEGER PRIMARY KEY, name TEXT NOT NULL, epoch INTEGER NOT NULL, members BLOB NOT NULL, author TEXT NOT NULL,
          at_ms INTEGER NOT NULL, UNIQUE(name, epoch)) STRICT;
        DROP TABLE sweep;
        CREATE TABLE sweep(p INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, pos BLOB, membership INTEGER NOT NULL, base_epoch INTEGER NOT NULL,
          base_membership INTEGER NOT NULL, held_done INTEGER NOT NULL, from_n INTEGER NOT NULL) STRICT;
        INSERT INTO sweep(p, epoch, pos, membership, base_epoch, base_membership, held_done, from_n) SELECT p, epoch, NULL, 0, -1, 0, 0, 0 FROM partner
          WHERE share = 1;
        CREATE TABLE flip(p INTEGER NOT NULL, target INTEGER NOT NULL, PRIMARY KEY(p, target)) STRICT, WITHOUT ROWID;
        ALTER TABLE ledger ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE ledger ADD COLUMN membership INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE ledger ADD COLUMN rule INTEGER NOT NULL DEFAULT -1;
        ALTER TABLE ledger ADD COLUMN verdict INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE ledger ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE ledger ADD COLUMN as_of_n INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE ledger ADD COLUMN at_ms INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE ledger ADD COLUMN prev INTEGER;
        """;

    // The ledger as evidence: latest entries in the order of the ledger, for catching up; how far slow checks of what is stored have come; ledgers
    // that lost their end and get it back, or begin anew. Passing on: which copies take part, who may have them, the keys of origins that are no
    // partners.
    private const string Step3 = """
        CREATE UNIQUE INDEX disclosed_seq ON disclosed(p, seq);
        CREATE TABLE scrub(name TEXT PRIMARY KEY, pos INTEGER NOT NULL, done_ms INTEGER NOT NULL, faults INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        ALTER TABLE evidence ADD COLUMN kinds BLOB NOT NULL DEFAULT x'';
        ALTER TABLE evidence ADD COLUMN digest BLOB;
        ALTER TABLE evidence ADD COLUMN submitter INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX evidence_digest ON evidence(p, digest);
        ALTER TABLE ledger ADD COLUMN written_ms INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE ledger_reset(p INTEGER NOT NULL, outbound INTEGER NOT NULL, incarnation INTEGER NOT NULL, bytes BLOB NOT NULL, sig BLOB NOT NULL,
          noted_ms INTEGER NOT NULL, accepted_ms INTEGER NOT NULL, held_size INTEGER NOT NULL, PRIMARY KEY(p, outbound, incarnation)) STRICT, WITHOUT ROWID;
        CREATE TABLE ledger_past(incarnation INTEGER NOT NULL, p INTEGER NOT NULL, seq INTEGER NOT NULL, op INTEGER NOT NULL, rec INTEGER NOT NULL,
          vrev INTEGER NOT NULL, stmt_hash BLOB, epoch INTEGER NOT NULL, membership INTEGER NOT NULL, rule INTEGER NOT NULL, verdict INTEGER NOT NULL,
          version INTEGER NOT NULL, as_of_n INTEGER NOT NULL, at_ms INTEGER NOT NULL, prev INTEGER, written_ms INTEGER NOT NULL,
          PRIMARY KEY(p, incarnation, seq)) STRICT, WITHOUT ROWID;
        CREATE TABLE tile_past(incarnation INTEGER NOT NULL, p INTEGER NOT NULL, level INTEGER NOT NULL, idx INTEGER NOT NULL, hashes BLOB NOT NULL,
          PRIMARY KEY(p, incarnation, level, idx)) STRICT;
        CREATE TABLE receipt_past(incarnation INTEGER NOT NULL, p INTEGER NOT NULL, size INTEGER NOT NULL, time_ms INTEGER NOT NULL, bytes BLOB NOT NULL,
          sig BLOB NOT NULL, PRIMARY KEY(p, incarnation, size)) STRICT, WITHOUT ROWID;
        CREATE TABLE follow_past(src INTEGER NOT NULL, incarnation INTEGER NOT NULL, ledger BLOB NOT NULL, size INTEGER NOT NULL, range BLOB NOT NULL,
          head BLOB NOT NULL, head_sig BLOB NOT NULL, live_count INTEGER NOT NULL, buckets BLOB NOT NULL, receipt_size INTEGER NOT NULL,
          PRIMARY KEY(src, incarnation)) STRICT, WITHOUT ROWID;
        CREATE TABLE in_entry_past(src INTEGER NOT NULL, incarnation INTEGER NOT NULL, seq INTEGER NOT NULL, leaf BLOB NOT NULL,
          PRIMARY KEY(src, incarnation, seq)) STRICT, WITHOUT ROWID;
        ALTER TABLE record ADD COLUMN past INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX record_past ON record(source, rec) WHERE past > 0;
        ALTER TABLE ledger_head ADD COLUMN term INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE ledger_head ADD COLUMN recover_to INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE ledger_head ADD COLUMN stale_to INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE ledger_head ADD COLUMN recovered_entries INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE ledger_head ADD COLUMN recovered_records INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE ledger_head ADD COLUMN holes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE ledger_head ADD COLUMN holes_end INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE ledger_head ADD COLUMN regressed_to INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE ledger_head ADD COLUMN regressed_ms INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE disclosed ADD COLUMN stands_n INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE held_shape(rec INTEGER NOT NULL, p INTEGER NOT NULL, shape BLOB NOT NULL, PRIMARY KEY(rec, p)) STRICT, WITHOUT ROWID;
        CREATE INDEX disclosed_stands ON disclosed(p, rec) WHERE stands_n > 0;
        ALTER TABLE record ADD COLUMN stale_n INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX record_stale ON record(rec) WHERE stale_n > 0;
        ALTER TABLE record ADD COLUMN onward INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE record ADD COLUMN hop INTEGER NOT NULL DEFAULT 0;
        UPDATE record SET onward = 1 WHERE source <> 0 AND rec IN (SELECT rec FROM view);
        CREATE INDEX record_onward ON record(kind, tlp, highest_tlp, types, rid, onward) WHERE onward > 0;
        ALTER TABLE disclosed ADD COLUMN opened BLOB;
        ALTER TABLE sweep ADD COLUMN onward INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE partner ADD COLUMN communities BLOB NOT NULL DEFAULT x'';
        ALTER TABLE partner ADD COLUMN takes_forwarded INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE partner ADD COLUMN announced_ms INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE community(name TEXT PRIMARY KEY, list BLOB NOT NULL, author TEXT NOT NULL, at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE origin(iid BLOB PRIMARY KEY, root BLOB NOT NULL, manifests BLOB NOT NULL, p INTEGER NOT NULL, at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """;
}
