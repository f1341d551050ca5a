using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Cli.Verification;

/// <summary>
/// Verifies an evidence bundle with nothing but the file and the origin's pinned root:
/// 1. the key manifests lead to the root, and the head is signed under it;
/// 2. every entry is part of the tree under the head, and its content is what its leaf commits to;
/// 3. every receipt is the follower's, and what it countersigns is the beginning of that tree;
/// 4. the seal is the exporter's signature under every byte before it, and nothing follows.
/// </summary>
internal static class EvidenceVerification
{
    /// <summary>Whether the first piece of a file is the header of an evidence bundle.</summary>
    public static bool IsBundle(byte[] firstPiece)
    {
        try
        {
            return EvidencePiece.Parser.ParseFrom(firstPiece).Header is not null;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    /// <param name="firstPiece">The first piece of the file.</param>
    /// <param name="rest">The others.</param>
    /// <param name="root">The origin's root fingerprint, as the caller knows it.</param>
    /// <param name="followerRoot">The follower's, if the caller knows it.</param>
    /// <param name="most">How many entries to list; 0 means all.</param>
    /// <exception cref="LedgerFaultException">Something does not hold.</exception>
    public static EvidenceFinding Verify(byte[] firstPiece, DelimitedFile rest, Digest root, Digest? followerRoot, int most)
    {
        try
        {
            var header = EvidencePiece.Parser.ParseFrom(firstPiece).Header
                ?? throw new LedgerFaultException("The file does not start with an evidence bundle's header.");
            return Verify(header, rest, root, followerRoot, most);
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new LedgerFaultException($"The file is not an evidence bundle. {fault.Message}");
        }
    }

    private static EvidenceFinding Verify(EvidenceHeader header, DelimitedFile pieces, Digest root, Digest? followerRoot, int most)
    {
        if (!InstituteId.TryParse(header.Origin, out var origin) || !InstituteId.TryParse(header.Follower, out var follower))
            throw new LedgerFaultException("The header does not name two institutes.");
        if (!InstituteId.TryParse(header.Exporter, out var exporter) || (exporter != origin && exporter != follower))
            throw new LedgerFaultException("The header names an exporter that is neither of the two institutes.");
        if (header.LedgerId.Length != LedgerId.SizeBytes)
            throw new LedgerFaultException("The header names no ledger.");
        // 1.
        var chain = InstituteChain.Verify(origin, root, header.Manifests);
        var followers = header.FollowerManifests.Count == 0 ? null : InstituteChain.Verify(follower, followerRoot, header.FollowerManifests);
        var (head, headKey) = ReadHead(header, origin, chain);

        // 2. and 3.
        var reader = new EvidenceReader(origin, follower, head, chain.Keys, followers, exporter == origin, most,
            new ForwardedOrigins(header.ForwardedOrigins));
        while (pieces.Next() is { } bytes)
        {
            var piece = EvidencePiece.Parser.ParseFrom(bytes);
            if (piece.Seal is null)
            {
                reader.Add(piece);
                continue;
            }

            // 4.
            var (seal, sealKey) = ReadSeal(piece.Seal, head, pieces.HashBefore, exporter, exporter == origin ? chain : followers, exporter == origin);
            if (seal.Entries != reader.Entries)
                throw new LedgerFaultException($"The seal counts {seal.Entries} entries, and the file has {reader.Entries}.");
            return pieces.Next() is null
                ? reader.Finding(header, exporter, root, headKey, seal, sealKey)
                : throw new LedgerFaultException("Something follows the seal.");
        }
        throw new LedgerFaultException("The file ends without a seal: something is missing.");
    }

    private static (Head Head, KeyId Key) ReadHead(EvidenceHeader header, InstituteId origin, InstituteChain chain)
    {
        if (chain.SignerOf(KeyPurpose.Head, Head.PaeType, header.Head) is not { } key)
            throw new LedgerFaultException($"The head is not signed by an active head key of {origin}.");
        if (!Head.TryDecode(header.Head.Payload.Span, out var head, out var error))
            throw new LedgerFaultException(error);
        return head.Ledger == LedgerId.Read(header.LedgerId.Span) && head.Incarnation == header.Incarnation
            ? (head, key)
            : throw new LedgerFaultException($"The head is of ledger {head.Ledger}, life {head.Incarnation}, and the header names another.");
    }

    private static (EvidenceSeal Seal, KeyId Key) ReadSeal(
        SignedBytes signed, Head head, Digest hash, InstituteId exporter, InstituteChain? chain, bool isOrigin)
    {
        if (chain?.SignerOf(isOrigin ? KeyPurpose.Head : KeyPurpose.Receipt, EvidenceSeal.PaeType, signed) is not { } key)
            throw new LedgerFaultException($"The seal is not signed by an active key of {exporter}.");
        if (!EvidenceSeal.TryDecode(signed.Payload.Span, out var seal, out var error))
            throw new LedgerFaultException(error);
        if (seal.Ledger != head.Ledger || seal.Incarnation != head.Incarnation)
            throw new LedgerFaultException("The seal is of another ledger.");
        return seal.Digest == hash
            ? (seal, key)
            : throw new LedgerFaultException($"The seal of {exporter} is over other bytes: the file was changed after it was made.");
    }
}
