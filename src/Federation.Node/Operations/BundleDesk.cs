using Federation.Node.Exchange;
using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Federation.V1.Node;

namespace Federation.Node.Operations;

/// <summary>Hands out what third parties can check: evidence bundles and checkpoints. Heads go no further than what may have been sent.</summary>
internal sealed class BundleDesk(StreamNeeds needs, NodeIdentity identity, LedgerProofs proofs)
{
    /// <summary>Writes chosen entries of what this node disclosed to the partner.</summary>
    public async Task ExportOutboundAsync(
        Partners.Partner partner, EvidenceSelection selection, Func<ExportEvidenceResponse, Task> write, CancellationToken cancellationToken)
    {
        var ledger = await RequireAsync(partner, cancellationToken);
        if (selection.Record is { } record)
            await RequireRecordAsync(partner, new RecordName(identity.Institute, record), cancellationToken);
        var (_, signed) = await SignAsync(ledger, cancellationToken);
        using var file = new EvidenceWriter(write);
        var bundle = new OutboundEvidence(needs, identity, partner, ledger, new ProofSeries(needs.Store, ledger, ledger.SignedSize), selection, file);
        await bundle.WriteAsync(signed, cancellationToken);
    }

    /// <summary>Writes chosen entries of what the partner disclosed to this node.</summary>
    public async Task ExportInboundAsync(
        Partners.Partner partner, EvidenceSelection selection, Func<ExportEvidenceResponse, Task> write, CancellationToken cancellationToken)
    {
        var row = (await needs.Store.ReadNodeAsync(cancellationToken)).Followers.FirstOrDefault(f => f.Partner == partner.Number);
        if (row is null || !Head.TryDecode(row.Head, out var head, out _))
            throw FederationError.Exception(FederationReason.LedgerNotFound, "nothing of this partner's ledger is held yet");
        var blocks = new SortedSet<ulong>();
        var tree = await HeldTree.ReadAsync(
            needs.Store,
            row,
            item =>
            {
                if (item.Leaf is { } leaf && InboundEvidence.IsChosen(leaf, selection))
                    blocks.Add(InboundEvidence.BlockOf(item.Seq));
            },
            cancellationToken);
        if (tree.Root != head.Root)
            throw FederationError.Exception(FederationReason.Internal, "what is held does not give the root of the head; 'reconcile' says where it differs");
        if (selection.Record is { } record && blocks.Count == 0)
            throw FederationError.Exception(FederationReason.RecordNotFound, $"nothing is held of an entry of record {record}");
        using var file = new EvidenceWriter(write);
        await new InboundEvidence(needs, identity, partner, row, selection, file).WriteAsync(tree, blocks, needs.Time.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
    }

    /// <summary>A checkpoint of the ledger for the partner.</summary>
    public async Task<SignCheckpointResponse> CheckpointAsync(Partners.Partner partner, CancellationToken cancellationToken)
    {
        var ledger = await RequireAsync(partner, cancellationToken);
        var (head, _) = await SignAsync(ledger, cancellationToken);
        var checkpoint = Checkpoint.Of(identity.Institute, head);
        var key = identity.HeadKey;
        // Signed notes know ECDSA over SHA-256 alone; a larger key leaves the text unsigned.
        if (key.Algorithm != SignatureAlgorithm.EcdsaP256Sha256)
            return new SignCheckpointResponse { Note = checkpoint.ToText() };
        return new SignCheckpointResponse
        {
            Note = SignedNote.Sign(checkpoint.ToText(), checkpoint.Origin, key),
            VerifierKey = SignedNote.VerifierKey(checkpoint.Origin, key.Spki),
        };
    }

    private async Task<LedgerHead> RequireAsync(Partners.Partner partner, CancellationToken cancellationToken)
    {
        var ledger = await needs.Store.ReadHeadAsync(partner.Number, cancellationToken)
            ?? throw FederationError.Exception(FederationReason.LedgerNotFound, "there is no ledger for this partner");
        return ledger.Confirmed && !ledger.Forked
            ? ledger
            : throw FederationError.Exception(FederationReason.HelloRequired, "no head is signed before the partner has been in contact with this process");
    }

    private async Task RequireRecordAsync(Partners.Partner partner, RecordName name, CancellationToken cancellationToken)
    {
        if ((await needs.Store.ReadEntriesOfAsync(partner.Number, name, 1, cancellationToken)).Count == 0)
            throw FederationError.Exception(FederationReason.RecordNotFound, $"the ledger for {partner.Institute} has no entry of record {name.Id}");
    }

    private async Task<(Head Head, SignedBytes Signed)> SignAsync(LedgerHead ledger, CancellationToken cancellationToken)
    {
        var root = (await proofs.RangeAtAsync(ledger, ledger.SignedSize, cancellationToken)).Root();
        var session = needs.Sessions.Of(ledger.Partner);
        var head = new Head(ledger.Ledger, ledger.Incarnation, ledger.SignedSize, root, 0, false, 0, 0, Digest.Zero);
        var (dated, signed) = await needs.Signer.SignAsync(ledger, head, session.TimeFloorMs, cancellationToken);
        session.RaiseTimeFloor(dated.TimeMs);
        return (dated, signed);
    }
}
