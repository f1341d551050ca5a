using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.V1.Exchange;

namespace Federation.Cli.Verification;

/// <summary>
/// Folds a ledger's batches into its tree and holds it against each signed head on the way. Batches without a head count only
/// once a later head covers them. One file's state; not safe for concurrent use.
/// </summary>
internal sealed class LedgerReader(InstituteId origin, LedgerId ledger, uint incarnation, KeyRing keys, ulong receiptSize, ForwardedOrigins forwarded)
{
    private const int MaxItems = ushort.MaxValue;

    private readonly CompactRange _range = new();
    private readonly RecordLives _lives = new();

    public Head? Head { get; private set; }

    public KeyId HeadKey { get; private set; }

    public ulong Size => _range.Size;

    public ulong Shown { get; private set; }

    public RecordLives Lives => _lives;

    /// <summary>The root at the receipt's size; null if no entry ends there.</summary>
    public Digest? ReceiptRoot { get; private set; } = receiptSize == 0 ? new CompactRange().Root() : null;

    public void Add(FollowResponse batch)
    {
        if (batch.FirstSeq != _range.Size)
            throw new LedgerFaultException($"A batch starts at entry {batch.FirstSeq}, and entry {_range.Size} is next.");
        List<BatchItem> items = [];
        if (!batch.Items.IsEmpty && !BatchFrame.TryRead(batch.Items.Memory, MaxItems, out items, out var error))
            throw new LedgerFaultException($"The batch at entry {_range.Size}: {error}");
        foreach (var item in items)
            Add(item);
        if (batch.Head is not null)
            Add(batch.Head);
    }

    private void Add(in BatchItem item)
    {
        if (item.Type == BatchItemType.Opaque)
        {
            if (!_range.CanAppendSubtree(item.Level))
                throw new LedgerFaultException($"A hash for 2^{item.Level} entries cannot stand at entry {_range.Size}.");
            _range.AppendSubtree(item.Level, item.Hash);
        }
        else
        {
            EntryCheck.Check(item, origin, _range.Size, keys, forwarded);
            var leafHash = item.Leaf.Hash(ledger);
            _lives.Add(item.Leaf, leafHash);
            _range.Append(leafHash);
            Shown++;
        }
        if (_range.Size == receiptSize)
            ReceiptRoot = _range.Root();
    }

    private void Add(SignedBytes signed)
    {
        var bytes = signed.Payload.Span;
        if (!keys.Verify(KeyPurpose.Head, Head.PaeType, bytes, signed.Signature.Span) || !Signature.TryDecode(signed.Signature.Span, out var signature, out _))
            throw new LedgerFaultException($"The head after entry {_range.Size} is not signed by an active head key of {origin}.");
        if (!Head.TryDecode(bytes, out var head, out var error))
            throw new LedgerFaultException(error);
        if (head.Ledger != ledger || head.Incarnation != incarnation)
            throw new LedgerFaultException($"The head after entry {_range.Size} is of ledger {head.Ledger}, life {head.Incarnation}.");
        if (head.Size != _range.Size)
            throw new LedgerFaultException($"The head signs {head.Size} entries, and the file has {_range.Size} up to it.");
        if (head.Root != _range.Root())
            throw new LedgerFaultException($"The {head.Size} entries give root {_range.Root()}, and the head signs {head.Root}.");
        if (Head is not null && head.TimeMs < Head.TimeMs)
            throw new LedgerFaultException($"The head of {head.Size} entries is older than the one before it.");
        if (head.Tip && (head.LiveCount != _lives.Live || head.LiveDigest != _lives.LiveDigest))
            throw new LedgerFaultException($"The head signs {head.LiveCount} live records, and the entries shown leave {_lives.Live}, or others.");
        Head = head;
        HeadKey = signature.Key;
    }
}
