using System.Text;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Node.Exchange;

/// <summary>
/// Proves what a partner sends before anything of it is stored or shown. A proof that fails throws <see cref="LedgerHaltedException"/>
/// with the objects that show it.
/// </summary>
internal sealed class DisclosureVerifier
{
    private const int MaxEvidenceBytes = 512 * 1024;

    private readonly LedgerVerifier verifier = new(ExchangeLimits.MaxBatchEntries);
    private readonly Partner partner;

    public DisclosureVerifier(Partner partner, FollowRow row)
    {
        this.partner = partner;
        if (row.Size == 0 || row.Head.Length == 0)
        {
            Position = VerifiedPosition.Start(row.Ledger, partner.Institute, row.Incarnation);
            return;
        }

        if (!Head.TryDecode(row.Head, out var head, out var error))
            throw new StoreFaultException($"the stored head of {partner.Institute} can't be read: {error}");
        Position = new VerifiedPosition(row.Ledger, partner.Institute, row.Incarnation, CompactRange.Decode(row.Size, row.Range), head);
    }

    /// <summary>Everything up to here is proven.</summary>
    public VerifiedPosition Position { get; private set; }

    /// <summary>Proves that the present ledger begins with what is held.</summary>
    public void VerifyContact(HelloResponse response)
    {
        var held = Position;
        var objects = new List<byte[]> { response.ToByteArray() };
        if (response.Contact == Contact.Fork)
            throw new LedgerHaltedException("FORK_REPORTED", "the partner says that its ledger no longer begins with what it signed before", objects);
        var signed = response.Head ?? new SignedBytes();
        if (!partner.Keys.Verify(KeyPurpose.Head, Head.PaeType, signed.Payload.Span, signed.Signature.Span))
            throw new LedgerHaltedException("HELLO_SIGNATURE", "the head in the answer to Hello is not signed by an active head key", objects);
        if (!Head.TryDecode(signed.Payload.Span, out var head, out var error) || head.Ledger != held.Ledger || head.Incarnation != held.Incarnation)
            throw new LedgerHaltedException("HELLO_HEAD", $"the head in the answer to Hello is not of this ledger {error}", objects);
        if (head.Size < held.Size || head.TimeMs < (held.LastHead?.TimeMs ?? 0))
            throw new LedgerHaltedException("HEAD_SHRINKS", $"{held.Size} entries were signed before and {head.Size} now, or its time went back", objects);
        var proof = response.ConsistencyProof.Where(h => h.Length == Digest.SizeBytes).Select(h => Digest.Read(h.Span)).ToList();
        if (proof.Count != response.ConsistencyProof.Count || !ConsistencyProof.Verify(held.Size, head.Size, held.Range.Root(), head.Root, proof))
            throw new LedgerHaltedException("NO_PREFIX", $"the {held.Size} entries held are no prefix of the ledger of {head.Size}", objects);
    }

    /// <summary>Proves a batch and moves the position behind it.</summary>
    public VerifiedBatch Verify(FollowResponse response)
    {
        var items = response.Items.IsEmpty ? EmptyItems : response.Items.Memory;
        var payload = response.Head?.Payload ?? ByteString.Empty;
        var signature = response.Head?.Signature ?? ByteString.Empty;
        var before = Position;
        if (response.FirstSeq != before.Size)
            throw Halt("FIRST_SEQ", $"the batch begins at {response.FirstSeq} and {before.Size} is next", response);
        var verdict = verifier.Verify(before, items, payload.Span, signature.Span, partner.Keys);
        if (verdict.Failure is { } failure)
            throw Halt(CodeOf(failure.Kind), failure.Detail, response);
        Position = verdict.Position!;
        var names = new HashSet<RecordId>();
        foreach (var entry in verdict.Entries)
        {
            if (!names.Add(entry.Leaf.Record))
                throw Halt("RECORD_TWICE", $"the batch shows record {entry.Leaf.Record} twice; only its latest entry is shown", response);
        }

        return new VerifiedBatch(before.Size, ItemsOf(verdict), Position, payload.ToByteArray(), signature.ToByteArray(), response);
    }

    // Entries and bare hashes come apart from the verdict, each in order; together they have no gap.
    private static VerifiedItem[] ItemsOf(BatchVerdict verdict)
    {
        var items = new VerifiedItem[verdict.Entries.Count + verdict.Opaque.Count];
        var (entry, opaque) = (0, 0);
        for (var i = 0; i < items.Length; i++)
        {
            if (opaque == verdict.Opaque.Count || (entry < verdict.Entries.Count && verdict.Entries[entry].Leaf.Seq < verdict.Opaque[opaque].FirstSeq))
            {
                var shown = verdict.Entries[entry++];
                items[i] = new VerifiedItem(shown.Leaf.Seq, 0, shown.LeafHash, shown);
            }
            else
            {
                var hidden = verdict.Opaque[opaque++];
                items[i] = new VerifiedItem(hidden.FirstSeq, hidden.Level, hidden.Hash, null);
            }
        }

        return items;
    }

    /// <summary>The halt for a fault that shows only against what is stored.</summary>
    public static LedgerHaltedException Halt(string fault, string detail, FollowResponse response)
    {
        var bytes = response.ToByteArray();
        return new LedgerHaltedException(fault, detail, [bytes.Length <= MaxEvidenceBytes ? bytes : bytes[..MaxEvidenceBytes]]);
    }

    // A batch without entries is its count alone.
    private static readonly ReadOnlyMemory<byte> EmptyItems = new BatchWriter().ToArray();

    private static string CodeOf(VerificationFailure kind)
    {
        var code = new StringBuilder();
        foreach (var letter in kind.ToString())
        {
            if (char.IsAsciiLetterUpper(letter) && code.Length > 0)
                code.Append('_');
            code.Append(char.ToUpperInvariant(letter));
        }

        return code.ToString();
    }
}
