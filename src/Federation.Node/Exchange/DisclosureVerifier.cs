using System.Text;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;
using Grpc.Core;

namespace Federation.Node.Exchange;

/// <summary>
/// Proves what a partner sends before anything of it is stored or shown. A proof that fails throws <see cref="LedgerHaltedException"/>
/// with the objects that show it.
/// </summary>
internal sealed class DisclosureVerifier
{
    private readonly LedgerVerifier verifier;
    private readonly Partner partner;
    private SignedBytes? held;

    // The head in the answer to Hello, while the tree has not grown up to it: signed like any other, and not to be taken back either.
    private (Head Head, SignedBytes Signed)? promised;

    public DisclosureVerifier(Partner partner, FollowRow row, Func<InstituteId, KeyRing?> origins)
    {
        verifier = new LedgerVerifier(ExchangeLimits.MaxBatchEntries, origins: origins);
        this.partner = partner;
        held = HaltEvidence.HeldBy(row);
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

    /// <summary>
    /// The head in the answer to Hello, and one of the stream of which it is not proven to be a prefix; null if there is nothing to prove. What
    /// was verified last is not to be applied before <see cref="VerifyPrefix"/> has.
    /// </summary>
    public (Head Contact, SignedBytes Signed, Head Shown, FollowResponse Response)? Unproven { get; private set; }

    /// <summary>Takes the proof that the head in the answer to Hello is a prefix of the one that the stream showed.</summary>
    public void VerifyPrefix(GetProofResponse response)
    {
        var (contact, signed, shown, batch) = Unproven!.Value;
        var proof = response.Hashes.Where(h => h.Length == Digest.SizeBytes).Select(h => Digest.Read(h.Span)).ToList();
        if (proof.Count != response.Hashes.Count || !ConsistencyProof.Verify(contact.Size, shown.Size, contact.Root, shown.Root, proof))
        {
            var detail = $"the head in the answer to Hello, of size {contact.Size}, is no prefix of the stream's of size {shown.Size}";
            throw new LedgerHaltedException("TWO_HISTORIES", detail, HaltEvidence.Of(batch, held, signed));
        }

        Unproven = null;
    }

    /// <summary>Proves that the present ledger begins with what is held.</summary>
    public void VerifyContact(HelloResponse response)
    {
        var before = Position;
        var objects = HaltEvidence.Of(response, held);
        if (response.Contact == Contact.Fork)
            throw new LedgerHaltedException("FORK_REPORTED", "the partner says that its ledger no longer begins with what it signed before", objects);
        if (response.Contact == Contact.Behind)
            throw new RpcException(new Status(StatusCode.Unavailable, "the partner lost the end of its ledger and is getting it back"));
        var signed = response.Head ?? new SignedBytes();
        if (!partner.Keys.Verify(KeyPurpose.Head, Head.PaeType, signed.Payload.Span, signed.Signature.Span))
            throw new LedgerHaltedException("HELLO_SIGNATURE", "the head in the answer to Hello is not signed by an active head key", objects);
        if (!Head.TryDecode(signed.Payload.Span, out var head, out var error) || head.Ledger != before.Ledger || head.Incarnation != before.Incarnation)
            throw new LedgerHaltedException("HELLO_HEAD", $"the head in the answer to Hello is not of this ledger {error}", objects);
        if (head.Size < before.Size || head.TimeMs < (before.LastHead?.TimeMs ?? 0))
            throw new LedgerHaltedException("HEAD_SHRINKS", $"{before.Size} entries were signed before and {head.Size} now, or its time went back", objects);
        var proof = response.ConsistencyProof.Where(h => h.Length == Digest.SizeBytes).Select(h => Digest.Read(h.Span)).ToList();
        if (proof.Count != response.ConsistencyProof.Count || !ConsistencyProof.Verify(before.Size, head.Size, before.Range.Root(), head.Root, proof))
            throw new LedgerHaltedException("NO_PREFIX", $"the {before.Size} entries held are no prefix of the ledger of {head.Size}", objects);
        promised = head.Size > before.Size ? (head, signed) : null;
    }

    /// <summary>Proves a batch and leaves the position as it is.</summary>
    public BatchVerdict Prove(FollowResponse response)
    {
        var items = response.Items.IsEmpty ? EmptyItems : response.Items.Memory;
        var payload = response.Head?.Payload ?? ByteString.Empty;
        var signature = response.Head?.Signature ?? ByteString.Empty;
        if (response.FirstSeq != Position.Size)
            throw Halt("FIRST_SEQ", $"the batch begins at {response.FirstSeq} and {Position.Size} is next", response, held);
        return verifier.Verify(Position, items, payload.Span, signature.Span, partner.Keys);
    }

    /// <summary>Takes a batch over as it was proven, and moves the position behind it.</summary>
    public VerifiedBatch Take(BatchVerdict verdict, FollowResponse response)
    {
        var payload = response.Head?.Payload ?? ByteString.Empty;
        var signature = response.Head?.Signature ?? ByteString.Empty;
        var before = Position;
        if (verdict.Failure is { } failure)
            throw Halt(CodeOf(failure.Kind), failure.Detail, response, held);
        CheckPromise(before, verdict, response);
        Position = verdict.Position!;
        var names = new HashSet<RecordName>();
        foreach (var entry in verdict.Entries)
        {
            if (!names.Add(new RecordName(entry.Leaf.Origin, entry.Leaf.Record)))
                throw Halt("RECORD_TWICE", $"the batch shows record {entry.Leaf.Record} twice; only its latest entry is shown", response, held);
        }

        held = response.Head;
        return new VerifiedBatch(before.Size, ItemsOf(verdict), Position, payload.ToByteArray(), signature.ToByteArray(), response) { Before = before.Range };
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
    public static LedgerHaltedException Halt(string fault, string detail, FollowResponse response, SignedBytes? held) =>
        new(fault, detail, HaltEvidence.Of(response, held));

    // A follower holds two heads of this connection: what the answer to Hello promised has to be a prefix of what the stream then shows.
    private void CheckPromise(VerifiedPosition before, BatchVerdict verdict, FollowResponse response)
    {
        if (promised is not { } contact)
            return;
        var after = verdict.Position!;
        if (after.LastHead!.TimeMs < contact.Head.TimeMs)
            throw Contradiction("HEAD_TIME_REGRESSES", $"a head is of time {after.LastHead.TimeMs} and the one in the answer to Hello of {contact.Head.TimeMs}");
        if (after.Size < contact.Head.Size)
            return;
        var range = before.Range;
        var items = verdict.Entries.Select(e => (e.Leaf.Seq, Level: 0, Hash: e.LeafHash)).Concat(verdict.Opaque.Select(o => (Seq: o.FirstSeq, o.Level, o.Hash)));
        foreach (var (_, level, hash) in items.OrderBy(item => item.Seq).TakeWhile(item => item.Seq < contact.Head.Size))
            range.AppendSubtree(level, hash);
        promised = null;
        // Where one hash stands for entries on both sides of that size, only a proof can tell.
        if (range.Size > contact.Head.Size)
            Unproven = (contact.Head, contact.Signed, after.LastHead, response);
        else if (range.Root() != contact.Head.Root)
            throw Contradiction("TWO_HISTORIES", $"at size {range.Size} the stream shows root {range.Root()} and the answer to Hello {contact.Head.Root}");

        LedgerHaltedException Contradiction(string fault, string detail) => new(fault, detail, HaltEvidence.Of(response, held, contact.Signed));
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
