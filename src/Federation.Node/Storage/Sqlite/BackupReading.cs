using System.Security.Cryptography;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Checks a backup without changing a byte of it, and puts its two halves together into a new database.</summary>
internal static class BackupReading
{
    private const int CacheKiB = 16384;

    private static readonly string[] FilesOfDatabase = ["", "-wal", "-shm"];

    /// <summary>Checks digests, both databases, that they belong together, and that every content has its key and every key its record.</summary>
    /// <exception cref="InvalidDataException">A check did not hold; the message says which.</exception>
    public static BackupManifest Check(BackupFiles files)
    {
        foreach (var file in files.All)
        {
            if (!File.Exists(file))
                throw new InvalidDataException($"{file} is missing");
        }

        var manifest = BackupManifest.Read(files.DataManifest);
        if (manifest.ToText() != BackupManifest.Read(files.KeysManifest).ToText())
            throw new InvalidDataException("the data and the keys are of different backups");
        CheckFile(files.Data, manifest.DataSizeBytes, manifest.DataSha256);
        CheckFile(files.Keys, manifest.KeysSizeBytes, manifest.KeysSha256);
        SqliteNodeStore.Initialize();
        try
        {
            using var session = SqliteSession.OpenImmutable(files.Data, CacheKiB);
            CheckDatabase(session, "main", files.Data);
            using (var attach = session.UseOnce("ATTACH ?1 AS keys").Bind(1, SqliteSession.ImmutableName(files.Keys)))
                attach.Step();
            CheckDatabase(session, "keys", files.Keys);
            foreach (var table in BackupWriting.KeptApart)
            {
                if (Count(session, $"SELECT count(*) FROM main.{table}") != 0)
                    throw new InvalidDataException($"{files.Data} holds what belongs to the keys: {table}");
            }

            if (session.Scalar("SELECT count(*) FROM main.body WHERE rec NOT IN (SELECT rec FROM keys.rec_key)") is not 0 and var unreadable)
                throw new InvalidDataException($"{unreadable} records have no key in {files.Keys}");
            if (session.Scalar("SELECT count(*) FROM keys.rec_key WHERE rec NOT IN (SELECT rec FROM main.record)") is not 0 and var left)
                throw new InvalidDataException($"{left} keys in {files.Keys} are of no record");
            if (!Describe(session, "main", "keys").Matches(manifest.Content))
                throw new InvalidDataException("the manifest says something else than the databases hold");
        }
        catch (StoreFaultException damaged)
        {
            throw new InvalidDataException($"the backup can't be read: {damaged.Message}", damaged);
        }

        return manifest;
    }

    /// <summary>Checks a backup, and makes a store's file of it. The file appears whole or not at all.</summary>
    /// <exception cref="InvalidDataException">A check did not hold.</exception>
    /// <exception cref="IOException">There is a store already, or no room.</exception>
    public static BackupManifest Restore(BackupFiles files, string database, string institute)
    {
        if (FilesOfDatabase.Any(e => File.Exists(database + e)))
            throw new IOException($"there is a store already at {database}: nothing is overwritten");
        var manifest = Check(files);
        if (manifest.Institute != institute)
            throw new InvalidDataException($"the backup is of {manifest.Institute}, and this directory is of {institute}");
        var partial = BackupFiles.Partial(database);
        try
        {
            File.Delete(partial);
            SqliteNodeStore.CreatePrivately(partial);
            using (var from = File.OpenRead(files.Data))
            using (var to = new FileStream(partial, FileMode.Open, FileAccess.Write))
                from.CopyTo(to);
            using (var session = SqliteSession.Open(partial, CacheKiB))
            {
                using (var attach = session.UseOnce("ATTACH ?1 AS keys").Bind(1, files.Keys))
                    attach.Step();
                session.Run("BEGIN");
                foreach (var table in BackupWriting.KeptApart)
                    session.Run($"INSERT INTO main.{table} SELECT * FROM keys.{table}");
                session.Run("UPDATE main.record SET title = t.title, shape = t.shape FROM keys.record_clear t WHERE t.rec = record.rec");
                session.Run("COMMIT");
                session.Run("PRAGMA main.wal_checkpoint(TRUNCATE)");
            }

            using (var whole = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite))
                whole.Flush(flushToDisk: true);
            File.Move(partial, database);
        }
        finally
        {
            foreach (var rest in FilesOfDatabase)
                File.Delete(partial + rest);
        }

        return manifest;
    }

    /// <summary>What two databases of one session hold together.</summary>
    public static BackupContent Describe(SqliteSession session, string data, string keys)
    {
        var ledgers = new List<BackupLedger>();
        using (var rows = session.UseOnce($"""
            SELECT p.iid, 1, h.ledger, h.incarnation, h.size FROM {data}.ledger_head h JOIN {data}.partner p ON p.p = h.p
            UNION ALL SELECT p.iid, 0, f.ledger, f.incarnation, f.size FROM {data}.follow f JOIN {data}.partner p ON p.p = f.src ORDER BY 1, 2
            """))
        {
            while (rows.Step())
            {
                var partner = System.Text.Encoding.ASCII.GetString(rows.Span(0)).TrimEnd('\0');
                ledgers.Add(new BackupLedger(partner, rows.Int32(1) != 0, Convert.ToHexStringLower(rows.Span(2)), rows.Int64(3), rows.Int64(4)));
            }
        }

        return new BackupContent(
            (int)Count(session, $"PRAGMA {data}.user_version"),
            Count(session, $"SELECT max(changed_n) FROM {data}.record WHERE changed_n IS NOT NULL"),
            Count(session, $"SELECT count(*) FROM {data}.record"),
            Count(session, $"SELECT count(*) FROM {keys}.rec_key"),
            ledgers);
    }

    /// <summary>The SHA-256 of a file, lower-case hexadecimal.</summary>
    public static string Sha256Of(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static long Count(SqliteSession session, string sql)
    {
        using var row = session.UseOnce(sql);
        return row.Step() ? row.NullableInt64(0) ?? 0 : 0;
    }

    private static void CheckFile(string file, long sizeBytes, string sha256)
    {
        var size = new FileInfo(file).Length;
        if (size != sizeBytes)
            throw new InvalidDataException($"{file} has {size} bytes, and the manifest says {sizeBytes}");
        if (Sha256Of(file) != sha256)
            throw new InvalidDataException($"{file} has another digest than the manifest says");
    }

    private static void CheckDatabase(SqliteSession session, string name, string file)
    {
        using (var version = session.UseOnce($"PRAGMA {name}.user_version"))
        {
            if (!version.Step() || version.Int32(0) is < 1 or > SqliteSchema.Version)
                throw new InvalidDataException($"{file} has a schema that this program does not know; it knows schemas up to {SqliteSchema.Version}");
        }

        using var rows = session.UseOnce($"PRAGMA {name}.integrity_check(1)");
        var finding = rows.Step() ? rows.Text(0) : "nothing was checked";
        if (finding != "ok")
            throw new InvalidDataException($"{file} is damaged: {finding}");
    }
}
