using Federation.Protocol.Records;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Reads and writes groups of institutes; every membership that ever was is kept.</summary>
internal static class GroupRows
{
    private const string Columns = "name, epoch, n, members, author, at_ms";

    /// <summary>Gives a group its members under the next epoch, raises the guard counter and sets a sweep for each partner that joins or leaves.</summary>
    public static StoredGroup Set(SqliteSession session, GroupWrite write)
    {
        var before = ReadPresent(session).Find(group => group.Name == write.Name);
        if (before is not null && before.Members.SequenceEqual(write.Members))
            return before;
        var epoch = (before?.Epoch ?? 0) + 1;
        session.Use("INSERT INTO membership(name, epoch, members, author, at_ms) VALUES(?1, ?2, ?3, ?4, ?5)")
            .Bind(1, write.Name).Bind(2, epoch).Bind(3, Encode(write.Members)).Bind(4, write.Author).Bind(5, write.NowMs).Execute();
        var number = session.LastInsertedRow();
        foreach (var partner in PartnerRows.Read(session, 0))
        {
            if (write.Members.Contains(partner.Institute) == (before?.Members.Contains(partner.Institute) ?? false))
                continue;
            session.Use("UPDATE partner SET membership = ?2 WHERE p = ?1").Bind(1, partner.Number).Bind(2, number).Execute();
            if (partner.Share)
                SweepRows.Set(session, partner.Number, partner.PolicyEpoch, partner.Membership);
        }

        session.GuardRaised = true;
        return new StoredGroup(write.Name, epoch, number, write.Members, write.Author, write.NowMs);
    }

    /// <summary>The present membership of each group, in the order of names.</summary>
    public static List<StoredGroup> ReadPresent(SqliteSession session)
    {
        using var rows = session.Use(
            $"SELECT {Columns} FROM membership m WHERE epoch = (SELECT max(o.epoch) FROM membership o WHERE o.name = m.name) ORDER BY name");
        return ReadAll(rows);
    }

    /// <summary>Every membership up to a number, oldest first.</summary>
    public static List<StoredGroup> ReadUpTo(SqliteSession session, long number)
    {
        using var rows = session.Use($"SELECT {Columns} FROM membership WHERE n <= ?1 ORDER BY n").Bind(1, number);
        return ReadAll(rows);
    }

    /// <summary>Whether there is a group of that name.</summary>
    public static bool Exists(SqliteSession session, string name)
    {
        using var row = session.Use("SELECT 1 FROM membership WHERE name = ?1 LIMIT 1").Bind(1, name);
        return row.Step();
    }

    private static List<StoredGroup> ReadAll(SqliteStatement rows)
    {
        var groups = new List<StoredGroup>();
        while (rows.Step())
            groups.Add(new StoredGroup(rows.Text(0), rows.Int64(1), rows.Int64(2), Decode(rows.Span(3)), rows.Text(4), rows.Int64(5)));
        return groups;
    }

    private static byte[] Encode(IReadOnlyList<InstituteId> members)
    {
        var bytes = new byte[members.Count * InstituteId.SizeBytes];
        for (var i = 0; i < members.Count; i++)
            members[i].Write(bytes.AsSpan(i * InstituteId.SizeBytes));
        return bytes;
    }

    private static InstituteId[] Decode(ReadOnlySpan<byte> bytes)
    {
        var members = new InstituteId[bytes.Length / InstituteId.SizeBytes];
        for (var i = 0; i < members.Length; i++)
        {
            members[i] = InstituteId.TryRead(bytes.Slice(i * InstituteId.SizeBytes, InstituteId.SizeBytes), out var member)
                ? member
                : throw new StoreFaultException("a group names an institute that can't be read");
        }

        return members;
    }
}
