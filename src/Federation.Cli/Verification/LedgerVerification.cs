using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Cli.Verification;

/// <summary>
/// Verifies a ledger export with nothing but the file and the origin's pinned root:
/// 1. the key manifests lead to the root that was pinned;
/// 2. the receipt, if there is one, is signed under the follower's root;
/// 3. every entry is what its leaf commits to, in order, and the tree is the one that the last head signs;
/// 4. the receipt countersigns that tree.
/// </summary>
internal static class LedgerVerification
{
    /// <param name="file">The export.</param>
    /// <param name="root">The origin's root fingerprint, as the caller knows it.</param>
    /// <param name="followerRoot">The follower's, if the caller knows it.</param>
    /// <exception cref="LedgerFaultException">Something does not hold.</exception>
    public static LedgerFinding Verify(Stream file, Digest root, Digest? followerRoot)
    {
        using var pieces = new DelimitedFile(file);
        return Verify(pieces.Next() ?? [], pieces, root, followerRoot);
    }

    /// <summary>Verifies an export of which the first piece was read already.</summary>
    public static LedgerFinding Verify(byte[] firstPiece, DelimitedFile rest, Digest root, Digest? followerRoot)
    {
        try
        {
            if (LedgerExport.Parser.ParseFrom(firstPiece).Header is not { } header)
                throw new LedgerFaultException("The file does not start with a ledger's header.");
            return Verify(header, rest, root, followerRoot);
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new LedgerFaultException($"The file is not a ledger export. {fault.Message}");
        }
    }

    private static LedgerFinding Verify(LedgerExportHeader header, DelimitedFile pieces, Digest root, Digest? followerRoot)
    {
        if (!InstituteId.TryParse(header.Origin, out var origin) || !InstituteId.TryParse(header.Follower, out var follower))
            throw new LedgerFaultException("The header does not name two institutes.");
        if (header.LedgerId.Length != LedgerId.SizeBytes)
            throw new LedgerFaultException("The header names no ledger.");
        var ledger = LedgerId.Read(header.LedgerId.Span);
        // 1.
        var keys = InstituteChain.Verify(origin, root, header.Manifests).Keys;
        // 2.
        var followers = header.FollowerManifests.Count == 0 ? null : InstituteChain.Verify(follower, followerRoot, header.FollowerManifests);
        var receipt = header.Receipt is null ? null : CheckReceipt(header, follower, ledger, followers);

        // 3.
        var forwarded = new ForwardedOrigins(header.ForwardedOrigins);
        var reader = new LedgerReader(origin, ledger, header.Incarnation, keys, receipt?.Receipt.Size ?? 0, forwarded);
        while (pieces.Next() is { } piece)
            reader.Add(LedgerExport.Parser.ParseFrom(piece).Batch ?? throw new LedgerFaultException("A piece is neither the header nor a batch."));
        if (reader.Head is not { } head)
            throw new LedgerFaultException("The file holds no signed head.");
        if (head.Size != reader.Size)
            throw new LedgerFaultException($"{reader.Size - head.Size} entries follow the last signed head.");

        // 4.
        if (receipt is not null)
            receipt = CompareTree(receipt, reader);
        return new LedgerFinding
        {
            Origin = origin,
            Follower = follower,
            Root = root,
            Head = head,
            HeadKey = reader.HeadKey,
            Shown = reader.Shown,
            Hidden = reader.Size - reader.Shown,
            Live = reader.Lives.Live,
            Withdrawn = reader.Lives.Withdrawn,
            Erased = reader.Lives.Erased,
            Receipt = receipt,
            Forwarded = forwarded,
        };
    }

    private static ReceiptFinding CheckReceipt(LedgerExportHeader header, InstituteId follower, LedgerId ledger, InstituteChain? chain)
    {
        if (chain?.SignerOf(KeyPurpose.Receipt, Receipt.PaeType, header.Receipt) is not { } key)
            throw new LedgerFaultException($"The receipt is not signed by an active receipt key of {follower}.");
        if (!Receipt.TryDecode(header.Receipt.Payload.Span, out var receipt, out var error))
            throw new LedgerFaultException(error);
        if (receipt.Ledger != ledger || receipt.Incarnation != header.Incarnation)
            throw new LedgerFaultException("The receipt is of another ledger.");
        return new ReceiptFinding(receipt, key, chain.Root, chain.RootIsPinned, false);
    }

    private static ReceiptFinding CompareTree(ReceiptFinding finding, LedgerReader reader)
    {
        if (finding.Receipt.Size > reader.Size)
            throw new LedgerFaultException($"The receipt is for {finding.Receipt.Size} entries, and the file has {reader.Size}.");
        if (finding.Receipt.Size == reader.Size && !finding.Receipt.LiveDigest.IsZero && finding.Receipt.LiveDigest != reader.Lives.LiveDigest)
            throw new LedgerFaultException("The receipt countersigns other live records than the entries leave.");
        if (reader.ReceiptRoot is not { } root)
            return finding;
        if (root != finding.Receipt.Root)
            throw new LedgerFaultException($"The receipt countersigns another history of the first {finding.Receipt.Size} entries.");
        return finding with { TreeIsCompared = true };
    }
}
