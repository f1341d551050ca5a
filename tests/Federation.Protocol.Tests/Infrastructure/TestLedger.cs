using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;

namespace Federation.Protocol.Tests.Infrastructure;

/// <summary>A ledger as an originator would write it: entries in memory, and batches cut from them.</summary>
internal sealed class TestLedger(TestKeys keys)
{
    internal static readonly LedgerId Id = LedgerId.Parse("00112233445566778899aabbccddeeff");
    internal const uint Incarnation = 3;

    private readonly List<(Leaf Leaf, byte[] Statement, byte[] Signature, List<Opening> Openings)> _entries = [];

    internal int Size => _entries.Count;

    internal Digest[] LeafHashes => [.. _entries.Select(entry => entry.Leaf.Hash(Id))];

    internal static RecordId Record(int number) => new(((UInt128)((ulong)number * 0x9E3779B97F4A7C15) << 64) | (ulong)number);

    /// <summary>A view of a record: the envelope and one part for each value, opened by salts of the record's secret.</summary>
    internal static (byte[] Statement, List<Opening> Openings) View(RecordId record, params byte[][] values)
    {
        var secret = new RecordSecret(Digest.Sha256(record.ToBytes()).ToBytes());
        var parts = new List<StatementPart>();
        var openings = new List<Opening>();
        for (var i = 0; i < values.Length; i++)
        {
            var part = (ulong)i * 0x0123456789ABCDUL;
            var changedMs = secret.ChangedMs(part, 28_000_000, values[i], _ => false);
            var salt = secret.Salt(part, changedMs);
            parts.Add(new StatementPart(part, changedMs, PartCommitment.Compute(TestKeys.Institute, record, part, changedMs, salt, values[i])));
            openings.Add(new Opening(part, salt, values[i]));
        }
        return (Statement.Encode(TestKeys.Institute, record, 2, 1, parts.ToArray()), openings);
    }

    internal void Disclose(int record, uint vrev = 1, bool signed = false)
    {
        var (statement, openings) = View(Record(record), "envelope"u8.ToArray(), [.. "value "u8, (byte)record, (byte)vrev], []);
        var signature = signed ? keys.Statement.Sign(Statement.PaeType, statement) : [];
        _entries.Add((LeafOf(LedgerOperation.Disclose, record, vrev, Digest.Sha256(statement)), statement, signature, openings));
    }

    /// <summary>Appends an entry as it is, however wrong; the tree and the heads cover it all the same.</summary>
    internal void Append(Leaf leaf, byte[] statement, byte[] signature, List<Opening> openings) =>
        _entries.Add((leaf, statement, signature, openings));

    internal void Withdraw(int record, uint vrev) => _entries.Add((LeafOf(LedgerOperation.Withdraw, record, vrev, default), [], [], []));

    internal void Erase(int record, uint vrev) => _entries.Add((LeafOf(LedgerOperation.Erase, record, vrev, default), [], [], []));

    /// <summary>The items of entries start to end, all shown, or as <paramref name="levelAt"/> says hidden behind a hash of that level (-1: shown).</summary>
    internal byte[] Items(int start, int end, Func<int, int>? levelAt = null)
    {
        var writer = new BatchWriter();
        for (var i = start; i < end;)
        {
            var level = levelAt?.Invoke(i) ?? -1;
            if (level < 0)
            {
                var entry = _entries[i++];
                writer.AddEntry(entry.Leaf, entry.Statement, entry.Signature, entry.Openings);
                continue;
            }
            writer.AddOpaque(level, ReferenceTree.Root(LeafHashes.AsSpan(i, 1 << level)));
            i += 1 << level;
        }
        return writer.ToArray();
    }

    internal Head Head(int size, long timeMs = 1_000) =>
        new(Id, Incarnation, (ulong)size, ReferenceTree.Root(LeafHashes.AsSpan(0, size)), timeMs, false, 1, 0, default);

    internal byte[] Sign(Head head) => keys.Head.Sign(Protocol.Heads.Head.PaeType, head.Encode());

    /// <summary>The position that a follower of all entries below <paramref name="size"/> has.</summary>
    internal VerifiedPosition Position(int size, long timeMs = 1_000)
    {
        if (size == 0)
            return VerifiedPosition.Start(Id, TestKeys.Institute, Incarnation);
        var range = new CompactRange();
        foreach (var leaf in LeafHashes.AsSpan(0, size))
            range.Append(leaf);
        return new VerifiedPosition(Id, TestKeys.Institute, Incarnation, range, Head(size, timeMs));
    }

    private Leaf LeafOf(LedgerOperation operation, int record, uint vrev, Digest statementHash) =>
        new(operation, (ulong)_entries.Count, TestKeys.Institute, Record(record), vrev, statementHash);
}
