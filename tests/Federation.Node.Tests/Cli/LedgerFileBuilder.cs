using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Node.Tests.Cli;

/// <summary>Builds a ledger export piece by piece, with real keys, so that a test can bend any one of them.</summary>
internal sealed class LedgerFileBuilder : IDisposable
{
    private static readonly byte[] Secret = [.. Enumerable.Range(0, RecordSecret.SizeBytes).Select(i => (byte)i)];

    private readonly TestKeys _uk = new("uk");
    private readonly TestKeys _jp = new("jp");
    private readonly BatchWriter _items = new();
    private readonly CompactRange _range = new();
    private readonly LiveSet _live = new();
    private readonly Dictionary<RecordId, (uint Vrev, Digest? Live)> _records = [];
    private readonly List<FollowResponse> _batches = [];
    private ulong _batchStart;

    public LedgerId Ledger { get; } = new(0x0102030405060708);

    public Digest OriginRoot => _uk.Root;

    public Digest FollowerRoot => _jp.Root;

    public ulong Size => _range.Size;

    /// <summary>The pieces after the header, as they will be written.</summary>
    public List<FollowResponse> Batches => _batches;

    public LedgerExportHeader Header { get; } = new() { Origin = "uk", Follower = "jp", Incarnation = 1 };

    /// <summary>Adds a DISCLOSE of a record with an envelope and one part.</summary>
    public LedgerFileBuilder Disclose(ulong record, string text, InstituteId? origin = null, string? openedText = null, byte[]? signature = null)
    {
        var (id, from) = (new RecordId(record), origin ?? InstituteId.Parse("uk"));
        var secret = new RecordSecret(Secret);
        var openings = new[] { Opening(secret, 0, "envelope"), Opening(secret, 7, text) };
        StatementPart[] parts = [.. openings.Select(opening =>
            new StatementPart(opening.Part, 60_000, PartCommitment.Compute(from, id, opening.Part, 60_000, opening.Salt, opening.Value.Span)))];
        var statement = Statement.Encode(from, id, 2, 1, parts);
        var leaf = Next(LedgerOperation.Disclose, id, Digest.Sha256(statement)) with { Origin = from };
        if (openedText is not null)
            openings[1] = Opening(secret, 7, openedText);
        _items.AddEntry(leaf, statement, signature, openings);
        Append(leaf);
        return this;
    }

    public LedgerFileBuilder Withdraw(ulong record)
    {
        var leaf = Next(LedgerOperation.Withdraw, new RecordId(record), Digest.Zero);
        _items.AddEntry(leaf);
        Append(leaf);
        return this;
    }

    /// <summary>Adds an entry of which only the hash is shown.</summary>
    public LedgerFileBuilder Hide(ulong record)
    {
        var leaf = Next(LedgerOperation.Withdraw, new RecordId(record), Digest.Zero).Hash(Ledger);
        _items.AddOpaque(0, leaf);
        _range.Append(leaf);
        return this;
    }

    /// <summary>Ends a batch without a head.</summary>
    public LedgerFileBuilder Cut() => EndBatch(null);

    /// <summary>Ends a batch with a signed head.</summary>
    public LedgerFileBuilder Sign(Func<Head, Head>? bend = null)
    {
        var head = new Head(Ledger, 1, _range.Size, _range.Root(), 1_800_000_000_000, true, 1, _live.Count, _live.Digest());
        return EndBatch(_uk.Sign(KeyPurpose.Head, Head.PaeType, (bend?.Invoke(head) ?? head).Encode()));
    }

    /// <summary>Adds the follower's receipt for what is there now.</summary>
    public LedgerFileBuilder Receipt(Func<Receipt, Receipt>? bend = null)
    {
        var receipt = new Receipt(Ledger, 1, _range.Size, _range.Root(), 1_800_000_000_500, _live.Digest());
        Header.Receipt = _jp.Sign(KeyPurpose.Receipt, Federation.Protocol.Heads.Receipt.PaeType, (bend?.Invoke(receipt) ?? receipt).Encode());
        Header.FollowerManifests.Add(_jp.Manifests);
        return this;
    }

    public byte[] SignStatement(byte[] statement) => _uk.Sign(KeyPurpose.Statement, Statement.PaeType, statement).Signature.ToByteArray();

    public byte[] ToArray()
    {
        Header.LedgerId = ByteString.CopyFrom(Ledger.ToBytes());
        if (Header.Manifests.Count == 0)
            Header.Manifests.Add(_uk.Manifests);
        using var file = new MemoryStream();
        new LedgerExport { Header = Header }.WriteDelimitedTo(file);
        foreach (var batch in _batches)
            new LedgerExport { Batch = batch }.WriteDelimitedTo(file);
        return file.ToArray();
    }

    public void Dispose()
    {
        _uk.Dispose();
        _jp.Dispose();
    }

    private static Opening Opening(RecordSecret secret, ulong part, string text) =>
        new(part, secret.Salt(part, 60_000), System.Text.Encoding.UTF8.GetBytes(text));

    private Leaf Next(LedgerOperation operation, RecordId record, Digest statementHash)
    {
        var vrev = _records.GetValueOrDefault(record).Vrev + 1;
        return new Leaf(operation, _range.Size, InstituteId.Parse("uk"), record, vrev, statementHash);
    }

    private void Append(Leaf leaf)
    {
        var hash = leaf.Hash(Ledger);
        if (_records.GetValueOrDefault(leaf.Record).Live is { } earlier)
            _live.Remove(leaf.Record, earlier);
        if (leaf.Operation == LedgerOperation.Disclose)
            _live.Add(leaf.Record, hash);
        _records[leaf.Record] = (leaf.Vrev, leaf.Operation == LedgerOperation.Disclose ? hash : null);
        _range.Append(hash);
    }

    private LedgerFileBuilder EndBatch(SignedBytes? head)
    {
        _batches.Add(new FollowResponse { FirstSeq = _batchStart, Items = ByteString.CopyFrom(_items.ToArray()), Head = head });
        _items.Clear();
        _batchStart = _range.Size;
        return this;
    }
}
