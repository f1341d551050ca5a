namespace Federation.Node.Storage.Sqlite;

/// <summary>Reads what a node needs when it starts.</summary>
internal static class NodeRows
{
    /// <summary>The last change number. Only with the condition is the partial index on it used; without, every record is read.</summary>
    public const string LastChange = "SELECT max(changed_n) FROM record WHERE changed_n IS NOT NULL";

    public static NodeSnapshot Read(SqliteSession session, string boot) => new()
    {
        Partners = PartnerRows.Read(session, 0),
        Clients = PartnerRows.ReadClients(session),
        Ledgers = LedgerRows.ReadHeads(session, 0, boot),
        Followers = FollowRows.Read(session, 0),
        Resets = ResetRows.Read(session),
        Sweeps = SweepRows.Read(session),
        Community = session.Scalar($"SELECT {CommunityRows.Number}") ?? 0,
        Groups = GroupRows.ReadPresent(session),
        ReleasedToMs = session.Scalar("SELECT n FROM position WHERE name = 'released'") ?? 0,
        SequencerPosition = session.Scalar("SELECT n FROM position WHERE name = 'sequencer'") ?? 0,
        LastChangedN = session.Scalar(LastChange) ?? 0,
        Schema = SqliteSchema.Version,
    };

    public static IReadOnlyList<RecordCount> ReadCounts(SqliteSession session)
    {
        using var rows = session.Use("SELECT source, status, count(*) FROM record GROUP BY source, status ORDER BY source, status");
        var counts = new List<RecordCount>();
        while (rows.Step())
            counts.Add(new RecordCount(rows.Int32(0), (RecordStatus)rows.Int32(1), rows.Int64(2)));
        return counts;
    }
}
