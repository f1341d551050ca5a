using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Federation.Cli.Verification;

/// <summary>Checks the pieces of an evidence bundle one after the other against its head. One file's state; not safe for concurrent use.</summary>
internal sealed class EvidenceReader(
    InstituteId origin, InstituteId follower, Head head, KeyRing keys, InstituteChain? followers, bool byOrigin, int most,
    ForwardedOrigins forwarded)
{
    private const int MaxProofHashes = 128;

    private readonly List<EntryFinding> _listed = [];
    private readonly List<ulong> _policies = [];
    private readonly Dictionary<RecordName, uint> _vrevs = [];
    private ulong _next;
    private ulong _shown;
    private int _receipts;
    private Receipt? _receipt;

    /// <summary>The entries so far.</summary>
    public ulong Entries { get; private set; }

    /// <exception cref="LedgerFaultException">The piece does not hold.</exception>
    public void Add(EvidencePiece piece)
    {
        switch (piece.PieceCase)
        {
            case EvidencePiece.PieceOneofCase.Entry:
                Add(piece.Entry);
                break;
            case EvidencePiece.PieceOneofCase.Receipt:
                Add(piece.Receipt);
                break;
            case EvidencePiece.PieceOneofCase.Policy when byOrigin && !_policies.Contains(piece.Policy.Epoch):
                _policies.Add(piece.Policy.Epoch);
                break;
            default:
                throw new LedgerFaultException("A piece is none that may stand there.");
        }
    }

    /// <summary>What all pieces prove together.</summary>
    public EvidenceFinding Finding(EvidenceHeader header, InstituteId exporter, Digest root, KeyId headKey, EvidenceSeal seal, KeyId sealKey) => new()
    {
        Origin = origin,
        Follower = follower,
        Exporter = exporter,
        Selection = header.Selection,
        Root = root,
        FollowerChain = followers,
        Forwarded = forwarded,
        Head = head,
        HeadKey = headKey,
        Seal = seal,
        SealKey = sealKey,
        NewestReceipt = _receipt,
        Receipts = _receipts,
        Policies = _policies,
        Listed = _listed,
        Shown = _shown,
    };

    private void Add(EvidenceEntry entry)
    {
        if (entry.Leaf.Length != Leaf.SizeBytes || !Leaf.TryRead(entry.Leaf.Span, out var leaf, out var error))
            throw new LedgerFaultException($"An entry after entry {_next} has no leaf that can be read.");
        if (leaf.Seq < _next || leaf.Seq >= head.Size)
            throw new LedgerFaultException($"Entry {leaf.Seq} stands in the wrong place, or beyond the head of {head.Size} entries.");
        if (!InclusionProof.Verify(leaf.Seq, head.Size, leaf.Hash(head.Ledger), head.Root, ReadProof(entry.InclusionProof)))
            throw new LedgerFaultException($"Entry {leaf.Seq} is not proven to be part of the tree that the head signs.");
        CheckRevision(leaf);
        int? parts = null;
        if (!entry.Statement.IsEmpty && leaf.Operation == LedgerOperation.Disclose)
        {
            parts = EntryCheck.CheckView(leaf, (entry.Statement.Memory, entry.StatementSignature.Memory, entry.Openings.Memory), origin, keys, forwarded).Parts.Count;
            _shown++;
        }
        else if (entry.Statement.Length + entry.StatementSignature.Length + entry.Openings.Length > 0)
        {
            throw new LedgerFaultException($"Entry {leaf.Seq} has content that no statement explains.");
        }

        if (entry.Decision is { } decision)
            CheckDecision(leaf.Seq, decision);
        else if (byOrigin)
            throw new LedgerFaultException($"Entry {leaf.Seq} does not say what decided it.");
        (_next, Entries) = (leaf.Seq + 1, Entries + 1);
        if (most == 0 || _listed.Count < most)
            _listed.Add(new EntryFinding(leaf, parts, _receipt is { } receipt && receipt.Size > leaf.Seq ? receipt : null, entry.Decision));
    }

    private void Add(EvidenceReceipt shown)
    {
        if (followers?.SignerOf(KeyPurpose.Receipt, Receipt.PaeType, shown.Receipt) is null)
            throw new LedgerFaultException($"A receipt is not signed by an active receipt key of {follower}.");
        if (!Receipt.TryDecode(shown.Receipt.Payload.Span, out var receipt, out var error))
            throw new LedgerFaultException(error);
        if (receipt.Ledger != head.Ledger || receipt.Incarnation != head.Incarnation)
            throw new LedgerFaultException("A receipt is of another ledger.");
        if (receipt.Size <= (_receipt?.Size ?? 0) || receipt.Size > head.Size)
            throw new LedgerFaultException($"A receipt for {receipt.Size} entries stands in the wrong place, or goes beyond the head of {head.Size}.");
        if (!ConsistencyProof.Verify(receipt.Size, head.Size, receipt.Root, head.Root, ReadProof(shown.ConsistencyProof)))
            throw new LedgerFaultException($"The receipt for {receipt.Size} entries countersigns another history than the head.");
        _receipt = receipt;
        _receipts++;
    }

    private void CheckRevision(in Leaf leaf)
    {
        var name = new RecordName(leaf.Origin, leaf.Record);
        if (_vrevs.TryGetValue(name, out var earlier) && leaf.Vrev <= earlier)
            throw new LedgerFaultException($"Entry {leaf.Seq} has revision {leaf.Vrev} of record {leaf.Record}, and {earlier} came before.");
        _vrevs[name] = leaf.Vrev;
    }

    private void CheckDecision(ulong seq, EvidenceDecision decision)
    {
        if (!byOrigin)
            throw new LedgerFaultException($"Entry {seq} says what decided it, and the file is not by the institute that decided.");
        if (decision.PolicyEpoch != 0 && !_policies.Contains(decision.PolicyEpoch))
            throw new LedgerFaultException($"Entry {seq} was decided by the policy of epoch {decision.PolicyEpoch}, which the file does not show.");
    }

    private static List<Digest> ReadProof(RepeatedField<ByteString> hashes)
    {
        if (hashes.Count > MaxProofHashes || hashes.Any(hash => hash.Length != Digest.SizeBytes))
            throw new LedgerFaultException("A proof has hashes that are none, or too many.");
        return [.. hashes.Select(hash => Digest.Read(hash.Span))];
    }
}
