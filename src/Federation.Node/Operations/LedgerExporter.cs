using Federation.Node.Exchange;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Node.Operations;

/// <summary>Writes a ledger as pieces of a file that can be verified offline: a header, then batches, the last with a signed head.</summary>
internal sealed class LedgerExporter(StreamNeeds needs, NodeIdentity identity)
{
    private const int EntriesPerPiece = 256;

    /// <summary>What this node disclosed to the partner. A head is signed only if contact was confirmed in this life of the process.</summary>
    public async Task ExportOutboundAsync(Partner partner, Func<LedgerExport, Task> write, CancellationToken cancellationToken)
    {
        var head = await needs.Store.ReadHeadAsync(partner.Number, cancellationToken)
            ?? throw FederationError.Exception(FederationReason.LedgerNotFound, "there is no ledger for this partner");
        if (!head.Confirmed || head.Forked)
            throw FederationError.Exception(FederationReason.HelloRequired, "no head is signed before the partner has been in contact with this process");
        var header = NewHeader(identity.Institute, partner.Institute, head.Ledger, head.Incarnation);
        header.Manifests.AddRange(identity.Card.Manifests);
        header.FollowerManifests.AddRange(partner.Card.Manifests);
        header.ForwardedOrigins.AddRange(await ForwardedManifests.ReadAsync(needs, partner, inbound: false, cancellationToken));
        if (await needs.Store.ReadReceiptAsync(partner.Number, cancellationToken) is { } receipt)
            header.Receipt = new SignedBytes { Payload = ByteString.CopyFrom(receipt.Payload), Signature = ByteString.CopyFrom(receipt.Signature) };
        await write(new LedgerExport { Header = header });

        var range = new CompactRange();
        while (range.Size < head.Size)
        {
            var first = range.Size;
            var batch = new LedgerBatch(new BatchWriter(), partner, range, EntriesPerPiece, head.Size, needs.Clock.NowMs);
            await needs.Store.VisitLedgerAsync(partner.Number, first, EntriesPerPiece, withBodies: true, batch.VisitWhole, cancellationToken);
            range = batch.Range;
            await write(new LedgerExport { Batch = new FollowResponse { FirstSeq = first, Items = ByteString.CopyFrom(batch.Items.Span) } });
        }

        var tip = needs.Sessions.Of(partner.Number);
        var end = new Head(head.Ledger, head.Incarnation, range.Size, range.Root(), 0, false, 0, 0, Digest.Zero);
        var (dated, signed) = await needs.Signer.SignAsync(head, end, tip.TimeFloorMs, cancellationToken);
        tip.RaiseTimeFloor(dated.TimeMs);
        await write(new LedgerExport { Batch = new FollowResponse { FirstSeq = range.Size, Head = signed } });
    }

    /// <summary>What the partner disclosed to this node, under the last head that was verified.</summary>
    public async Task ExportInboundAsync(Partner partner, Func<LedgerExport, Task> write, CancellationToken cancellationToken)
    {
        var row = (await needs.Store.ReadNodeAsync(cancellationToken)).Followers.FirstOrDefault(f => f.Partner == partner.Number);
        if (row is null || row.Head.Length == 0)
            throw FederationError.Exception(FederationReason.LedgerNotFound, "nothing of this partner's ledger is held yet");
        var header = NewHeader(partner.Institute, identity.Institute, row.Ledger, row.Incarnation);
        header.Manifests.AddRange(partner.Card.Manifests);
        header.FollowerManifests.AddRange(identity.Card.Manifests);
        header.ForwardedOrigins.AddRange(await ForwardedManifests.ReadAsync(needs, partner, inbound: true, cancellationToken));
        await write(new LedgerExport { Header = header });

        var seq = 0UL;
        while (seq < row.Size)
        {
            var wanted = (int)Math.Min(EntriesPerPiece, row.Size - seq);
            var stretch = await needs.Store.ReadInboundAsync(partner.Number, seq, wanted, cancellationToken);
            await write(new LedgerExport { Batch = new FollowResponse { FirstSeq = seq, Items = ByteString.CopyFrom(ItemsOf(stretch)) } });
            seq = stretch.Items[^1].End;
        }

        var signed = new SignedBytes { Payload = ByteString.CopyFrom(row.Head), Signature = ByteString.CopyFrom(row.HeadSignature) };
        await write(new LedgerExport { Batch = new FollowResponse { FirstSeq = seq, Head = signed } });
    }

    private static LedgerExportHeader NewHeader(InstituteId origin, InstituteId follower, LedgerId ledger, uint incarnation) => new()
    {
        Origin = origin.ToString(),
        Follower = follower.ToString(),
        LedgerId = ByteString.CopyFrom(ledger.ToBytes()),
        Incarnation = incarnation,
    };

    private static byte[] ItemsOf(InboundStretch stretch)
    {
        var writer = new BatchWriter();
        foreach (var item in stretch.Items)
        {
            if (item.Leaf is { } leaf && stretch.Records.TryGetValue(item.Seq, out var held) && held.Record.Body is not null)
                AddHeld(writer, leaf, held.Record, held.Signature);
            else if (item.Leaf is { Operation: not LedgerOperation.Disclose } removal)
                writer.AddEntry(removal);
            else
                writer.AddOpaque(item.Level, item.Hash);
        }

        return writer.ToArray();
    }

    private static void AddHeld(BatchWriter writer, in Leaf leaf, StoredRecord record, byte[] signature)
    {
        var shape = RecordShape.Decode(record.Shape);
        var parts = shape.Parts.Select(p => new StatementPart(p.Part, p.ChangedMs, p.Commitment)).ToArray();
        var statement = Statement.Encode(record.Name.Origin, record.Name.Id, (ushort)record.Kind, (ushort)record.Schema, parts);
        var (openings, _) = BodyBox.Open(record.DataKey, record.Name, record.Version, record.Body);
        writer.AddEntry(leaf, statement, signature, openings.Span);
    }
}
