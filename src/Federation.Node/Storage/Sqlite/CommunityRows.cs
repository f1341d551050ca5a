using Federation.Protocol.Keys;
using Federation.Protocol.Records;

namespace Federation.Node.Storage.Sqlite;

/// <summary>Reads and writes community lists, and what partners say of theirs. One number counts the changes of both.</summary>
internal static class CommunityRows
{
    /// <summary>The number of the latest change, as a scalar expression.</summary>
    public const string Number = "coalesce((SELECT n FROM position WHERE name = 'community'), 0)";

    // Each change costs sweeps: a partner that changes its mind at every contact is slowed down.
    private const long AnnouncedEveryMs = 1000;

    /// <summary>Loads a list and sets what may follow from it to be judged again.</summary>
    public static StoredCommunity Set(SqliteSession session, CommunityWrite write)
    {
        if (Read(session).Lists.FirstOrDefault(stored => stored.List.Name == write.List.Name) is { } before && before.List.Digest == write.List.Digest)
            return before;
        session.Use("INSERT OR REPLACE INTO community(name, list, author, at_ms) VALUES(?1, ?2, ?3, ?4)")
            .Bind(1, write.List.Name).Bind(2, write.List.Encode()).Bind(3, write.Author).Bind(4, write.NowMs).Execute();
        Changed(session, PartnerRows.Read(session, 0));
        return new StoredCommunity(write.List, write.Author, write.NowMs);
    }

    /// <summary>The lists, and the number of the latest change.</summary>
    public static CommunityState Read(SqliteSession session)
    {
        using var rows = session.Use("SELECT list, author, at_ms FROM community ORDER BY name");
        var lists = new List<StoredCommunity>();
        while (rows.Step())
        {
            if (!CommunityList.TryDecode(rows.Span(0), out var list, out var error))
                throw new StoreFaultException($"a stored community list can't be read: {error}");
            lists.Add(new StoredCommunity(list, rows.Text(1), rows.Int64(2)));
        }

        return new CommunityState(session.Scalar($"SELECT {Number}") ?? 0, lists);
    }

    /// <summary>Notes what a partner says: what it may get hangs on it and, as far as it is an origin, what others may get of it.</summary>
    public static AnnouncementOutcome Announce(SqliteSession session, AnnouncementWrite write)
    {
        if (PartnerRows.Read(session, write.Partner) is not [var partner])
            return AnnouncementOutcome.Same;
        var takes = write.TakesForwarded ?? partner.TakesForwarded;
        var sameLists = partner.Communities.SequenceEqual(write.Communities);
        if (sameLists && takes == partner.TakesForwarded)
            return AnnouncementOutcome.Same;
        using (var recent = session.Use("SELECT announced_ms FROM partner WHERE p = ?1").Bind(1, write.Partner))
        {
            // A clock that went back must not shut a partner out.
            if (recent.Step() && write.NowMs - recent.Int64(0) is >= 0 and < AnnouncedEveryMs)
                return AnnouncementOutcome.TooSoon;
        }

        session.Use("UPDATE partner SET communities = ?2, takes_forwarded = ?3, announced_ms = ?4 WHERE p = ?1")
            .Bind(1, write.Partner).Bind(2, Encode(write.Communities)).Bind(3, takes ? 1 : 0).Bind(4, write.NowMs).Execute();
        Changed(session, sameLists ? [partner] : PartnerRows.Read(session, 0));
        return AnnouncementOutcome.Changed;
    }

    /// <summary>Reads digests that follow each other.</summary>
    public static IReadOnlyList<Digest> Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return [];
        var digests = new Digest[bytes.Length / Digest.SizeBytes];
        for (var i = 0; i < digests.Length; i++)
            digests[i] = Digest.Read(bytes[(i * Digest.SizeBytes)..]);
        return digests;
    }

    private static byte[] Encode(IReadOnlyList<Digest> digests)
    {
        var bytes = new byte[digests.Count * Digest.SizeBytes];
        for (var i = 0; i < digests.Count; i++)
            digests[i].Write(bytes.AsSpan(i * Digest.SizeBytes));
        return bytes;
    }

    private static void Changed(SqliteSession session, IEnumerable<StoredPartner> concerned)
    {
        session.Use("INSERT INTO position(name, n) VALUES('community', 1) ON CONFLICT(name) DO UPDATE SET n = n + 1").Execute();
        // Where there is no copy nothing has to be looked at; one that comes later is judged by what is in force then.
        var copies = session.Scalar(SelectionRows.AnyCopy) is not null;
        foreach (var partner in concerned.Where(partner => copies && partner.Share))
            SweepRows.SetOnward(session, partner.Number, partner.PolicyEpoch, partner.Membership);
        session.GuardRaised = true;
    }
}
