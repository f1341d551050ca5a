using Federation.Node.Storage.Sqlite;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>
/// A node's database file, and a connection of the world's own that sees what is committed at any moment. It holds no transaction
/// between two questions, so that no node notices it.
/// </summary>
internal sealed class NodeDisk(string path) : IDisposable
{
    private const int CacheKiB = 2048;
    private SqliteSession? _session;

    public string Path => path;

    /// <summary>Whether a node ever ran on this disk.</summary>
    public bool Used => _session is not null;

    /// <summary>The connection; opened once the node has made the schema.</summary>
    public SqliteSession Session => _session ??= SqliteSession.Open(path, CacheKiB);

    /// <summary>The partner's number at this node, or 0.</summary>
    public int NumberOf(InstituteId partner)
    {
        using var row = Session.Use("SELECT p FROM partner WHERE iid = ?1").Bind(1, partner);
        return row.Step() ? row.Int32(0) : 0;
    }

    /// <summary>The text of the policy in force, or null.</summary>
    public string? PolicyOf(InstituteId partner)
    {
        using var row = Session.Use("SELECT y.doc FROM partner p JOIN policy y ON y.p = p.p AND y.epoch = p.epoch WHERE p.iid = ?1 AND p.share = 1").Bind(1, partner);
        return row.Step() ? row.Text(0) : null;
    }

    /// <summary>The committed version of an own record; 0 if there is none.</summary>
    public int VersionOf(RecordName name)
    {
        using var row = Session.Use("SELECT version FROM record WHERE origin = ?1 AND rid = ?2 AND source = 0").Bind(1, name.Origin).Bind(2, name.Id);
        return row.Step() ? row.Int32(0) : 0;
    }

    /// <summary>Up to where heads of a ledger may have been signed.</summary>
    public ulong SignedSizeOf(LedgerId ledger)
    {
        using var row = Session.Use("SELECT signed_size FROM ledger_head WHERE ledger = ?1").Bind(1, ledger.ToBytes());
        return row.Step() ? row.UInt64(0) : 0;
    }

    /// <summary>The number of a followed ledger's entries that are durable.</summary>
    public ulong AppliedOf(InstituteId origin)
    {
        using var row = Session.Use("SELECT f.size FROM follow f JOIN partner p ON p.p = f.src WHERE p.iid = ?1").Bind(1, origin);
        return row.Step() ? row.UInt64(0) : 0;
    }

    /// <summary>The partners with their numbers at this node.</summary>
    public List<(int Number, InstituteId Institute)> Partners()
    {
        using var rows = Session.Use("SELECT p, iid FROM partner ORDER BY p");
        var partners = new List<(int, InstituteId)>();
        while (rows.Step())
            partners.Add((rows.Int32(0), InstituteId.TryRead(rows.Span(1), out var id) ? id : default));
        return partners;
    }

    /// <summary>The ledger that the node keeps for a partner; null before there is one.</summary>
    public LedgerId? LedgerFor(InstituteId partner)
    {
        using var row = Session.Use("SELECT h.ledger FROM ledger_head h JOIN partner p ON p.p = h.p WHERE p.iid = ?1").Bind(1, partner);
        return row.Step() ? LedgerId.Read(row.Span(0)) : null;
    }

    /// <summary>Writes a copy of what is committed at this moment.</summary>
    public void CopyTo(string image) => Session.Run($"VACUUM INTO '{image}'");

    /// <summary>Puts a copy in the place of the database, whose node is down.</summary>
    public void Replace(string image)
    {
        _session?.Dispose();
        _session = null;
        foreach (var file in (string[])[path, $"{path}-wal", $"{path}-shm"])
            File.Delete(file);
        File.Copy(image, path);
    }

    public void Dispose() => _session?.Dispose();
}
