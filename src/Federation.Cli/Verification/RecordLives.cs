using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Cli.Verification;

/// <summary>The latest entry of every record that a ledger export shows.</summary>
internal sealed class RecordLives
{
    private readonly Dictionary<RecordName, (LedgerOperation Operation, uint Vrev, Digest LeafHash)> _latest = [];
    private readonly LiveSet _live = new();

    public ulong Live => _live.Count;

    public ulong Withdrawn => (ulong)_latest.Values.LongCount(entry => entry.Operation == LedgerOperation.Withdraw);

    public ulong Erased => (ulong)_latest.Values.LongCount(entry => entry.Operation == LedgerOperation.Erase);

    public Digest LiveDigest => _live.Digest();

    public void Add(in Leaf leaf, Digest leafHash)
    {
        var name = new RecordName(leaf.Origin, leaf.Record);
        if (_latest.TryGetValue(name, out var earlier))
        {
            if (leaf.Vrev <= earlier.Vrev)
                throw new LedgerFaultException($"Entry {leaf.Seq} has revision {leaf.Vrev} of record {leaf.Record}, and {earlier.Vrev} came before.");
            if (earlier.Operation == LedgerOperation.Disclose)
                _live.Remove(leaf.Record, earlier.LeafHash);
        }
        if (leaf.Operation == LedgerOperation.Disclose)
            _live.Add(leaf.Record, leafHash);
        _latest[name] = (leaf.Operation, leaf.Vrev, leafHash);
    }
}
