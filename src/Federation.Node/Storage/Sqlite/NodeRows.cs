namespace Federation.Node.Storage.Sqlite;

/// <summary>Reads what a node needs when it starts.</summary>
internal static class NodeRows
{
    public static NodeSnapshot Read(SqliteSession session, string boot) => new()
    {
        Partners = PartnerRows.Read(session, 0),
        Clients = PartnerRows.ReadClients(session),
        Ledgers = LedgerRows.ReadHeads(session, 0, boot),
        Followers = FollowRows.Read(session, 0),
        Sweeps = PartnerRows.ReadSweeps(session),
        SequencerPosition = session.Scalar("SELECT n FROM position WHERE name = 'sequencer'") ?? 0,
        LastChangedN = session.Scalar("SELECT max(changed_n) FROM record") ?? 0,
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
