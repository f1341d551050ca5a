using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.V1.Exchange;
using Google.Protobuf;
using EvidenceKind = Federation.Node.Storage.EvidenceKind;
using EvidenceObject = Federation.Node.Storage.EvidenceObject;

namespace Federation.Node.Exchange;

/// <summary>
/// Holds what a partner states of a record against every other copy that is held of it, that before it from the same partner included (R4): one
/// part, changed at one time, with two commitments is a lie of the originator, and both statements with their proofs show it to anybody.
/// </summary>
internal sealed class ContradictionWatch(INodeStore store, Partner partner, TimeProvider time, ILogger logger)
{
    private const int RowsAtOnce = 4096;

    // A proof is made of all hashes of the ledger; beyond this the statement is kept without one.
    private const ulong MostEntries = 5_000_000;

    /// <summary>Compares the entries of a batch. A partner that contradicts itself halts its ledger; one that another contradicts goes on.</summary>
    public async Task CheckAsync(VerifiedBatch batch, SignedBytes? held, CancellationToken cancellationToken)
    {
        var entries = batch.Items.Select(item => item.Entry).OfType<VerifiedEntry>().Where(entry => entry.Statement is not null).ToList();
        if (entries.Count == 0)
            return;
        var copies = await store.ReadStatedAsync([.. entries.Select(entry => new RecordName(entry.Leaf.Origin, entry.Leaf.Record))], cancellationToken);
        for (var i = 0; i < entries.Count; i++)
        {
            foreach (var copy in copies[i])
            {
                if (StatementContradiction.Find(entries[i].Statement!.PartSpan, PartsOf(copy)) is { } part)
                    await KeepAsync(batch, entries[i], copy, part, held, cancellationToken);
            }
        }
    }

    private async Task KeepAsync(
        VerifiedBatch batch, VerifiedEntry entry, StatedCopy copy, ContradictedPart part, SignedBytes? held, CancellationToken cancellationToken)
    {
        var detail = $"{entry.Leaf.Origin} commits to part {part.Part:x16} of record {entry.Leaf.Record}, changed at {part.ChangedMs}, as {part.First}, and before as {part.Second}";
        EvidenceObject[] statements =
        [
            EvidenceObject.Of(EvidenceKind.Statement, Prove(batch, entry).ToByteArray()),
            EvidenceObject.Of(EvidenceKind.Statement, (await ProveAsync(copy, entry.Statement!, cancellationToken)).ToByteArray()),
        ];
        if (copy.Source == partner.Number)
            throw new LedgerHaltedException("PART_CONTRADICTED", detail, [.. statements, .. HaltEvidence.Of(batch.Response, held)]);
        ExchangeLog.Contradicted(logger, partner.Institute, detail);
        await store.SaveEvidenceAsync(
            new EvidenceWrite
            {
                Partner = partner.Number,
                Fault = "PART_CONTRADICTED",
                Detail = detail,
                NowMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
                Objects = statements,
            },
            cancellationToken);
    }

    // The new entry's proof is made of what was held before the batch and of the batch itself.
    private static DisclosedStatement Prove(VerifiedBatch batch, VerifiedEntry entry)
    {
        var builder = new InclusionBuilder(entry.Leaf.Seq, batch.Position.Size);
        var seq = 0UL;
        foreach (var (level, hash) in LevelsOf(batch.Before))
        {
            builder.Add(seq, level, hash);
            seq += 1UL << level;
        }

        foreach (var item in batch.Items)
            builder.Add(item.Seq, item.Level, item.Hash);
        return Disclosed(entry.StatementBytes, entry.Signature, entry.Leaf.ToBytes(), builder.Build(), batch.Response.Head);
    }

    private async Task<DisclosedStatement> ProveAsync(StatedCopy copy, Statement like, CancellationToken cancellationToken)
    {
        var bytes = Statement.Encode(like.Origin, like.Record, copy.Kind, copy.Schema, PartsOf(copy));
        var row = await FindLedgerAsync(copy, cancellationToken);
        if (row is null || row.Size > MostEntries || !Leaf.TryRead(copy.Leaf, out var leaf, out _))
            return Disclosed(bytes, copy.Signature, copy.Leaf, null, null);
        var builder = new InclusionBuilder(leaf.Seq, row.Size);
        for (var seq = 0UL; seq < row.Size;)
        {
            var rows = await store.ReadInboundRowsAsync(copy.Source, copy.Past, seq, RowsAtOnce, cancellationToken);
            foreach (var item in rows.Select(found => HeldItem.Decode(row.Ledger, found.Seq, found.Bytes)))
            {
                builder.Add(item.Seq, item.Level, item.Hash);
                seq = item.End;
            }

            if (rows.Count == 0)
                break;
        }

        return Disclosed(bytes, copy.Signature, copy.Leaf, builder.Build(), HaltEvidence.HeldBy(row));
    }

    // A copy of an incarnation that has ended is proven under its last head.
    private async Task<FollowRow?> FindLedgerAsync(StatedCopy copy, CancellationToken cancellationToken) => copy.Past > 0
        ? await store.ReadEndedAsync(copy.Source, copy.Past, cancellationToken)
        : (await store.ReadNodeAsync(cancellationToken)).Followers.FirstOrDefault(follower => follower.Partner == copy.Source);

    private static DisclosedStatement Disclosed(
        ReadOnlyMemory<byte> statement, ReadOnlyMemory<byte> signature, byte[] leaf, List<Digest>? proof, SignedBytes? head)
    {
        var item = new DisclosedStatement
        {
            Statement = ByteString.CopyFrom(statement.Span),
            Signature = ByteString.CopyFrom(signature.Span),
            Leaf = ByteString.CopyFrom(leaf),
            Head = proof is null ? null : head,
        };
        item.InclusionProof.AddRange((proof ?? []).Select(hash => ByteString.CopyFrom(hash.ToBytes())));
        return item;
    }

    private static IEnumerable<(int Level, Digest Hash)> LevelsOf(CompactRange range)
    {
        var hashes = range.Hashes;
        for (int level = CompactRange.MaxLevel, i = 0; level >= 0; level--)
        {
            if ((range.Size >> level & 1) == 1)
                yield return (level, hashes[i++]);
        }
    }

    private static StatementPart[] PartsOf(StatedCopy copy) =>
        [.. RecordShape.Decode(copy.Shape).Parts.Where(part => !part.Gone).Select(part => new StatementPart(part.Part, part.ChangedMs, part.Commitment))];
}
