using Federation.Node.Exchange;
using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Statements;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Node.Operations;

/// <summary>
/// One evidence bundle of what a partner disclosed to this node, from what the node holds of the partner's ledger, under the last head that
/// was verified. It has no receipts and decisions: those are the partner's to show.
/// </summary>
internal sealed class InboundEvidence(StreamNeeds needs, NodeIdentity identity, Partner partner, FollowRow row, EvidenceSelection selection, EvidenceWriter file)
{
    /// <summary>Writes the bundle.</summary>
    /// <param name="tree">The tree, read whole.</param>
    /// <param name="blocks">The blocks of 256 entries in which there are chosen ones, in order.</param>
    /// <param name="nowMs">The present time.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task WriteAsync(HeldTree tree, IEnumerable<ulong> blocks, long nowMs, CancellationToken cancellationToken)
    {
        var header = EvidenceHeaders.Of(partner.Institute, identity.Institute, row.Ledger, row.Incarnation, identity.Institute, selection);
        header.Manifests.AddRange(partner.Card.Manifests);
        header.FollowerManifests.AddRange(identity.Card.Manifests);
        header.ForwardedOrigins.AddRange(await ForwardedManifests.ReadAsync(needs, partner, inbound: true, cancellationToken));
        header.Head = new SignedBytes { Payload = ByteString.CopyFrom(row.Head), Signature = ByteString.CopyFrom(row.HeadSignature) };
        await file.WriteAsync(new EvidencePiece { Header = header });
        foreach (var block in blocks)
        {
            var stretch = await tree.ReadBlockAsync(block, cancellationToken);
            foreach (var item in stretch.Items)
            {
                if (item.Leaf is { } leaf && IsChosen(leaf, selection))
                    await file.WriteAsync(new EvidencePiece { Entry = Show(leaf, stretch, tree) });
            }
        }

        await file.SealAsync(row.Ledger, row.Incarnation, nowMs, identity.ReceiptKey);
    }

    /// <summary>Whether an entry is asked for.</summary>
    public static bool IsChosen(in Leaf leaf, EvidenceSelection selection) => selection.Record is not { } record || leaf.Record == record;

    /// <summary>The block in which an entry lies.</summary>
    public static ulong BlockOf(ulong seq) => seq / Tiles.HashesPerTile;

    private static EvidenceEntry Show(Leaf leaf, InboundStretch stretch, HeldTree tree)
    {
        var shown = new EvidenceEntry { Leaf = ByteString.CopyFrom(leaf.ToBytes()) };
        shown.InclusionProof.AddRange(tree.Inclusion(leaf.Seq).Select(hash => ByteString.CopyFrom(hash.ToBytes())));
        if (leaf.Operation != LedgerOperation.Disclose || !stretch.Records.TryGetValue(leaf.Seq, out var held) || held.Record.Body is null)
            return shown;
        var record = held.Record;
        var shape = RecordShape.Decode(record.Shape);
        var parts = shape.Parts.Select(part => new StatementPart(part.Part, part.ChangedMs, part.Commitment)).ToArray();
        shown.Statement = ByteString.CopyFrom(Statement.Encode(record.Name.Origin, record.Name.Id, (ushort)record.Kind, (ushort)record.Schema, parts));
        shown.StatementSignature = ByteString.CopyFrom(held.Signature);
        shown.Openings = ByteString.CopyFrom(BodyBox.Open(record.DataKey, record.Name, record.Version, record.Body).Openings.Span);
        return shown;
    }
}
