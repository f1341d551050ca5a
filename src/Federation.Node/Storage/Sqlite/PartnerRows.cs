using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Reads and writes partners, their policies, and clients.</summary>
internal static class PartnerRows
{
    private const string All = """
        SELECT p.p, p.iid, p.card, p.root, p.share, p.follow, p.epoch, p.membership, y.doc, p.communities, p.takes_forwarded FROM partner p LEFT JOIN policy y ON y.p = p.p AND y.epoch = p.epoch
        WHERE ?1 = 0 OR p.p = ?1 ORDER BY p.p
        """;

    public static List<StoredPartner> Read(SqliteSession session, int partner)
    {
        using var rows = session.Use(All).Bind(1, partner);
        var partners = new List<StoredPartner>();
        while (rows.Step())
        {
            partners.Add(new StoredPartner
            {
                Number = rows.Int32(0),
                Institute = InstituteId.TryRead(rows.Span(1), out var institute) ? institute : throw new StoreFaultException("a partner's id can't be read"),
                Card = rows.Blob(2),
                RootFingerprint = rows.Hash(3),
                Share = rows.Int32(4) != 0,
                Follow = rows.Int32(5) != 0,
                PolicyEpoch = rows.Int64(6),
                Membership = rows.Int64(7),
                Policy = rows.IsNull(8) ? null : rows.Text(8),
                Communities = CommunityRows.Decode(rows.Span(9)),
                TakesForwarded = rows.Int32(10) != 0,
            });
        }

        return partners;
    }

    public static StoredPartner? Save(SqliteSession session, PartnerWrite write)
    {
        var partner = Find(session, write.Institute);
        if (partner is { } known && known.Root != write.RootFingerprint)
            return null;
        if (partner is null)
        {
            // Groups may have named the institute before it became a partner: no later change concerns it yet.
            session.Use("""
                INSERT INTO partner(iid, card, root, share, follow, epoch, membership)
                VALUES(?1, ?2, ?3, 0, 0, 0, coalesce((SELECT max(n) FROM membership), 0))
                """)
                .Bind(1, write.Institute).Bind(2, write.Card).Bind(3, write.RootFingerprint).Execute();
        }

        var number = partner?.Number ?? checked((int)session.LastInsertedRow());
        if (partner is null)
            AwaitedRows.Adopt(session, write.Institute, number);
        session.Use("UPDATE partner SET card = ?2, share = ?3, follow = ?4 WHERE p = ?1")
            .Bind(1, number).Bind(2, write.Card).Bind(3, write.Share ? 1 : 0).Bind(4, write.Follow ? 1 : 0).Execute();
        // A new ledger holds nothing, as if no policy had ever been in force; what changed while nothing was shared is made up for.
        if (write.Share && EnsureLedger(session, number, write.NewLedger))
            SweepRows.Set(session, number, 0, Read(session, number)[0].Membership);
        else if (write.Share && partner is not { Share: true })
            SweepRows.SetWhole(session, number);
        if (write.Follow)
            EnsureFollower(session, number);
        session.GuardRaised = true;
        return Read(session, number)[0];
    }

    public static List<StoredClient> ReadClients(SqliteSession session)
    {
        using var rows = session.Use("SELECT name, spki, roles, added_ms FROM client ORDER BY name");
        var clients = new List<StoredClient>();
        while (rows.Step())
            clients.Add(new StoredClient(rows.Text(0), rows.Hash(1), rows.Int32(2), rows.Int64(3)));
        return clients;
    }

    public static bool AddClient(SqliteSession session, StoredClient client)
    {
        using (var taken = session.Use("SELECT 1 FROM client WHERE name = ?1 OR spki = ?2").Bind(1, client.Name).Bind(2, client.SpkiDigest))
        {
            if (taken.Step())
                return false;
        }

        session.Use("INSERT INTO client(name, spki, roles, added_ms) VALUES(?1, ?2, ?3, ?4)")
            .Bind(1, client.Name).Bind(2, client.SpkiDigest).Bind(3, client.Roles).Bind(4, client.AddedMs).Execute();
        return true;
    }

    public static bool RemoveClient(SqliteSession session, string name)
    {
        using (var known = session.Use("SELECT 1 FROM client WHERE name = ?1").Bind(1, name))
        {
            if (!known.Step())
                return false;
        }

        session.Use("DELETE FROM client WHERE name = ?1").Bind(1, name).Execute();
        return true;
    }

    private static (int Number, Digest Root, bool Share)? Find(SqliteSession session, InstituteId institute)
    {
        using var row = session.Use("SELECT p, root, share FROM partner WHERE iid = ?1").Bind(1, institute);
        return row.Step() ? (row.Int32(0), row.Hash(1), row.Int32(2) != 0) : null;
    }

    // Whether the ledger is new.
    private static bool EnsureLedger(SqliteSession session, int partner, LedgerId ledger)
    {
        using (var known = session.Use("SELECT 1 FROM ledger_head WHERE p = ?1").Bind(1, partner))
        {
            if (known.Step())
                return false;
        }

        Span<byte> id = stackalloc byte[LedgerId.SizeBytes];
        ledger.Write(id);
        session.Use("""
            INSERT INTO ledger_head(p, ledger, incarnation, size, range, live_count, buckets, signed_size, confirmed_boot, follower_boot, forked)
            VALUES(?1, ?2, 1, 0, ?3, 0, ?4, 0, '', '', 0)
            """).Bind(1, partner).Bind(2, (ReadOnlySpan<byte>)id).Bind(3, new CompactRange().Encode()).Bind(4, new LiveSet().Encode()).Execute();
        return true;
    }

    private static void EnsureFollower(SqliteSession session, int partner) =>
        session.Use("""
            INSERT OR IGNORE INTO follow(src, ledger, incarnation, size, range, head, head_sig, live_count, buckets, state, receipt_size, fault)
            VALUES(?1, zeroblob(16), 0, 0, ?2, x'', x'', 0, ?3, 0, 0, '')
            """).Bind(1, partner).Bind(2, new CompactRange().Encode()).Bind(3, new LiveSet().Encode()).Execute();
}
