using System.Runtime.CompilerServices;
using Federation.Node.Exchange;
using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Node.Operations;

/// <summary>
/// One evidence bundle of what this node disclosed to a partner: (1) a head over everything that may have been sent, (2) each chosen entry
/// with its proof, after the policy that decided it and the first receipt that covers it, (3) the newest receipt, (4) the seal.
/// </summary>
internal sealed class OutboundEvidence(
    StreamNeeds needs, NodeIdentity identity, Partner partner, LedgerHead head, ProofSeries proofs, EvidenceSelection selection, EvidenceWriter file)
{
    private const int EntriesPerPage = 256;
    private const int MostOfOneRecord = 10_000;

    private readonly PolicyArchive archive = new(needs.Store, partner);
    private readonly HashSet<long> policiesShown = [];
    private Receipt? covering;

    /// <summary>Writes the bundle.</summary>
    /// <param name="signedHead">The head over the signed size.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task WriteAsync(SignedBytes signedHead, CancellationToken cancellationToken)
    {
        // 1.
        var header = EvidenceHeaders.Of(identity.Institute, partner.Institute, head.Ledger, head.Incarnation, identity.Institute, selection);
        header.Manifests.AddRange(identity.Card.Manifests);
        header.FollowerManifests.AddRange(partner.Card.Manifests);
        header.ForwardedOrigins.AddRange(await ForwardedManifests.ReadAsync(needs, partner, inbound: false, cancellationToken));
        header.Head = signedHead;
        await file.WriteAsync(new EvidencePiece { Header = header });

        // 2.
        await foreach (var page in PagesAsync(cancellationToken))
        {
            var latest = await LatestAsync(page, cancellationToken);
            foreach (var entry in page)
            {
                if (latest.TryGetValue(entry.Entry.Rec, out var last) && !last.NeverSent)
                    await WriteEntryAsync(entry, last.Seq == entry.Entry.Seq, cancellationToken);
            }
        }

        // 3.
        if (await needs.Store.ReadReceiptAsync(partner.Number, cancellationToken) is { } newest)
            await WriteReceiptAsync(newest, cancellationToken);

        // 4.
        await file.SealAsync(head.Ledger, head.Incarnation, needs.Time.GetUtcNow().ToUnixTimeMilliseconds(), identity.HeadKey);
    }

    private async IAsyncEnumerable<IReadOnlyList<DecidedEntry>> PagesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (selection.Record is { } record)
        {
            var newestFirst = await needs.Store.ReadEntriesOfAsync(partner.Number, new RecordName(identity.Institute, record), MostOfOneRecord, cancellationToken);
            foreach (var page in newestFirst.Reverse().Where(IsChosen).Chunk(EntriesPerPage))
                yield return page;
            yield break;
        }

        for (var from = 0UL; from < head.SignedSize;)
        {
            var page = await needs.Store.ReadEntriesAsync(partner.Number, from, EntriesPerPage, cancellationToken);
            if (page.Count == 0)
                yield break;
            from = page[^1].Entry.Seq + 1;
            yield return [.. page.Where(IsChosen)];
        }
    }

    private bool IsChosen(DecidedEntry entry) => entry.Entry.Seq < head.SignedSize && selection.Covers(entry.Context.NowMs);

    private async Task<Dictionary<long, DisclosedRow>> LatestAsync(IReadOnlyList<DecidedEntry> page, CancellationToken cancellationToken)
    {
        var recs = page.Select(entry => entry.Entry.Rec).Distinct().ToList();
        var snapshot = await needs.Store.ReadReconcileAsync(partner.Number, recs, cancellationToken);
        return snapshot.Candidates.SelectMany(candidate => candidate.Disclosed).Where(row => row.Partner == partner.Number).ToDictionary(row => row.Rec);
    }

    private async Task WriteEntryAsync(DecidedEntry entry, bool isLatest, CancellationToken cancellationToken)
    {
        if (entry.Context.Epoch > 0 && policiesShown.Add(entry.Context.Epoch)
            && await archive.FindStoredAsync(entry.Context.Epoch, cancellationToken) is { } policy)
        {
            await file.WriteAsync(new EvidencePiece { Policy = Show(policy) });
        }

        if (covering is null || covering.Size <= entry.Entry.Seq)
            await WriteReceiptAboveAsync(entry.Entry.Seq, cancellationToken);
        var (rule, reason) = DecisionWords.Of(entry, await archive.FindAsync(entry.Context.Epoch, cancellationToken));
        var shown = isLatest && entry.Entry.Operation == (byte)LedgerOperation.Disclose
            ? await ReadContentAsync(entry.Entry.Seq, cancellationToken)
            : new EvidenceEntry();
        shown.Leaf = ByteString.CopyFrom(LedgerTree.LeafOf(new LedgerEntryName(entry.Entry, entry.Name)).ToBytes());
        shown.InclusionProof.AddRange((await proofs.InclusionAsync(entry.Entry.Seq, cancellationToken)).Select(h => ByteString.CopyFrom(h.ToBytes())));
        shown.Decision = new EvidenceDecision
        {
            PolicyEpoch = (ulong)entry.Context.Epoch,
            Membership = (ulong)entry.Context.Membership,
            Rule = rule,
            Reason = reason,
            DecidedAtMs = (ulong)entry.Context.NowMs,
            Revision = (uint)entry.Decision.Version,
        };
        await file.WriteAsync(new EvidencePiece { Entry = shown });
    }

    // Of a receipt within entries that came back as one hash nothing can be proven: the next one covers as much.
    private async Task WriteReceiptAboveAsync(ulong size, CancellationToken cancellationToken)
    {
        while (await needs.Store.ReadReceiptAboveAsync(partner.Number, size, cancellationToken) is { } signed
            && !await WriteReceiptAsync(signed, cancellationToken)
            && Receipt.TryDecode(signed.Payload, out var receipt, out _) && receipt.Size <= head.SignedSize)
        {
            size = receipt.Size;
        }
    }

    // A receipt that says no more than the one before, or more than the head, adds nothing.
    private async Task<bool> WriteReceiptAsync((byte[] Payload, byte[] Signature) signed, CancellationToken cancellationToken)
    {
        if (!Receipt.TryDecode(signed.Payload, out var receipt, out _) || receipt.Size <= (covering?.Size ?? 0) || receipt.Size > head.SignedSize
            || await proofs.FindConsistencyAsync(receipt.Size, cancellationToken) is not { } proof)
        {
            return false;
        }

        covering = receipt;
        var shown = new EvidenceReceipt
        {
            Receipt = new SignedBytes { Payload = ByteString.CopyFrom(signed.Payload), Signature = ByteString.CopyFrom(signed.Signature) },
        };
        shown.ConsistencyProof.AddRange(proof.Select(hash => ByteString.CopyFrom(hash.ToBytes())));
        await file.WriteAsync(new EvidencePiece { Receipt = shown });
        return true;
    }

    // What is shown is what the record and the policy still lead to; where they lead elsewhere by now the leaf alone is left.
    private async Task<EvidenceEntry> ReadContentAsync(ulong seq, CancellationToken cancellationToken)
    {
        var shown = new EvidenceEntry();
        await needs.Store.VisitLedgerAsync(
            partner.Number,
            seq,
            1,
            withBodies: true,
            (stretch, entry) =>
            {
                if (entry?.Latest.Seq != seq
                    || new SendGuard(partner, stretch, needs.Clock.NowMs).Check(entry, out var record, out var decision, out var view) != GuardVerdict.Send
                    || record is null)
                {
                    return false;
                }

                shown.Statement = ByteString.CopyFrom(view.Statement);
                shown.StatementSignature = view.Forwardable && entry.Signature is { } signature ? ByteString.CopyFrom(signature) : ByteString.Empty;
                shown.Openings = ByteString.CopyFrom(Openings.Encode(VisibleOpenings.Of(record, decision!, record.Stored)));
                return false;
            },
            cancellationToken);
        return shown;
    }

    private static EvidencePolicy Show(StoredPolicy policy) => new()
    {
        Epoch = (ulong)policy.Epoch,
        AppliedAtMs = (ulong)policy.AppliedMs,
        AppliedBy = policy.Author,
        ClassHash = ByteString.CopyFrom(policy.ClassHash.ToBytes()),
        Text = policy.Text,
    };
}
