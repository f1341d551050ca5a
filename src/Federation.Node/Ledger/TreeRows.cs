using Federation.Node.Storage;
using Federation.Protocol.Records;

namespace Federation.Node.Ledger;

/// <summary>Reads what the second path needs from the store, and names what is missing.</summary>
internal sealed class TreeRows(INodeStore store, LedgerHead ledger)
{
    private const int HashesPerTile = 256;

    /// <summary>The hashes of some tiles; null where one is not stored.</summary>
    public async Task<IReadOnlyList<List<Digest>?>> TilesAsync(IReadOnlyList<(int Level, ulong Index)> tiles, CancellationToken cancellationToken)
    {
        var (stored, _) = await store.ReadTreeAsync(ledger.Partner, [.. tiles.Select(t => (t.Level, (long)t.Index))], long.MaxValue, cancellationToken);
        return [.. stored.Select(bytes => bytes is null ? null : HashesOf(bytes))];
    }

    /// <summary>
    /// The leaf hashes of a stretch that ends with its tile at the latest, made from the rows. A row that was pruned is taken from its tile; of one
    /// that was recovered as a hash alone, perhaps with others, there is no more than that: the others are zero.
    /// </summary>
    public async Task<List<Digest>> LeavesAsync(ulong from, ulong until, CancellationToken cancellationToken)
    {
        var tile = from / HashesPerTile;
        var (tiles, rows) = await store.ReadTreeAsync(ledger.Partner, [(0, (long)tile)], from, cancellationToken);
        var stored = tiles[0] is { } bytes ? HashesOf(bytes) : [];
        var byNumber = rows.Where(row => row.Entry.Seq < until).ToDictionary(row => row.Entry.Seq);
        var leaves = new List<Digest>();
        for (var seq = from; seq < until; seq++)
        {
            if (byNumber.TryGetValue(seq, out var row) && row.Entry.Operation == 0)
            {
                leaves.Add(row.Entry.StatementHash);
                for (var last = Math.Min(until, seq + (1UL << (int)row.Entry.Vrev)) - 1; seq < last; seq++)
                    leaves.Add(Digest.Zero);
            }
            else if (byNumber.TryGetValue(seq, out row))
            {
                leaves.Add(SecondPath.LeafHash(ledger.Ledger, row));
            }
            else if ((int)(seq % HashesPerTile) is var at && at < stored.Count)
            {
                leaves.Add(stored[at]);
            }
            else
            {
                throw new LedgerDamagedException($"entry {seq} is missing, and tile 0/{tile} does not hold its hash");
            }
        }

        return leaves;
    }

    private static List<Digest> HashesOf(byte[] bytes)
    {
        var hashes = new List<Digest>(bytes.Length / Digest.SizeBytes);
        for (var at = 0; at + Digest.SizeBytes <= bytes.Length; at += Digest.SizeBytes)
            hashes.Add(Digest.Read(bytes.AsSpan(at)));
        return hashes;
    }
}
