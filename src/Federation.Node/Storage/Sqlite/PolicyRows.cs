namespace Federation.Node.Storage.Sqlite;

/// <summary>Reads and writes the policies of partners (T3); none is ever changed or removed.</summary>
internal static class PolicyRows
{
    private const string Columns = "epoch, doc, class, at_ms, author";

    /// <summary>Puts a policy in force under the partner's next epoch.</summary>
    public static long Apply(SqliteSession session, PolicyWrite write)
    {
        session.Use("UPDATE partner SET epoch = epoch + 1 WHERE p = ?1").Bind(1, write.Partner).Execute();
        var partner = PartnerRows.Read(session, write.Partner)[0];
        session.Use("INSERT INTO policy(p, epoch, doc, class, at_ms, author) VALUES(?1, ?2, ?3, ?4, ?5, ?6)")
            .Bind(1, write.Partner).Bind(2, partner.PolicyEpoch).Bind(3, write.Policy).Bind(4, write.ClassHash).Bind(5, write.NowMs)
            .Bind(6, write.Author).Execute();
        // The same policy in other words changes nothing, and is not to be noticed: a sweep would hold a head back.
        if (Find(session, write.Partner, partner.PolicyEpoch - 1) is not { } before || before.ClassHash != write.ClassHash)
            SweepRows.Set(session, write.Partner, partner.PolicyEpoch - 1, partner.Membership);
        else
            session.Use("UPDATE sweep SET epoch = ?2 WHERE p = ?1").Bind(1, write.Partner).Bind(2, partner.PolicyEpoch).Execute();
        session.GuardRaised = true;
        return partner.PolicyEpoch;
    }

    /// <summary>The partner's policies below an epoch, newest first.</summary>
    public static IReadOnlyList<StoredPolicy> Read(SqliteSession session, int partner, long beforeEpoch, int limit)
    {
        using var rows = session.Use($"SELECT {Columns} FROM policy WHERE p = ?1 AND epoch < ?2 ORDER BY epoch DESC LIMIT ?3")
            .Bind(1, partner).Bind(2, beforeEpoch).Bind(3, limit);
        var policies = new List<StoredPolicy>();
        while (rows.Step())
            policies.Add(ReadRow(rows));
        return policies;
    }

    /// <summary>One policy of a partner; null if there was none of that epoch.</summary>
    public static StoredPolicy? Find(SqliteSession session, int partner, long epoch)
    {
        using var row = session.Use($"SELECT {Columns} FROM policy WHERE p = ?1 AND epoch = ?2").Bind(1, partner).Bind(2, epoch);
        return row.Step() ? ReadRow(row) : null;
    }

    private static StoredPolicy ReadRow(SqliteStatement row) => new(row.Int64(0), row.Text(1), row.Hash(2), row.Int64(3), row.Text(4));
}
