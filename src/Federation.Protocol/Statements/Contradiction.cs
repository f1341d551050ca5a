using System.Diagnostics.CodeAnalysis;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Protocol.Statements;

/// <summary>
/// Checks two objects that are said to contradict each other: that one institute signed both, and that they can't both be true. A pure function
/// of the objects and the institute's keys, so that whoever has them comes to the same answer.
/// </summary>
public static class Contradiction
{
    /// <summary>Whether they prove a contradiction; what it is comes out in <paramref name="detail"/>, or why they prove none. Never throws.</summary>
    /// <param name="first">One object.</param>
    /// <param name="second">The other.</param>
    /// <param name="institute">The institute that is said to have signed both.</param>
    /// <param name="keys">Its keys.</param>
    /// <param name="detail">A sentence.</param>
    public static bool TryProve(EvidenceObject first, EvidenceObject second, InstituteId institute, KeyRing keys, out string detail)
    {
        if (IsHead(first.Kind) && IsHead(second.Kind))
            return TryProveHeads(first.Content, second.Content, keys, out detail);
        if (first.Kind == EvidenceKind.Statement && second.Kind == EvidenceKind.Statement)
            return TryProveStatements(first.Content, second.Content, institute, keys, out detail);
        detail = "Two heads or two statements can contradict each other.";
        return false;
    }

    /// <summary>Whether a kind is that of a signed head.</summary>
    public static bool IsHead(EvidenceKind kind) =>
        kind is EvidenceKind.HeldHead or EvidenceKind.PresentedHead or EvidenceKind.ContactHead or EvidenceKind.OwnHead;

    /// <summary>Whether a statement is bound to its originator, by its signature or by a leaf under a signed head.</summary>
    public static bool TryReadStatement(
        DisclosedStatement item, InstituteId institute, KeyRing keys, [NotNullWhen(true)] out Statement? statement, out string error)
    {
        if (!Statement.TryDecode(item.Statement.Span, out statement, out error))
            return false;
        if (statement.Origin != institute)
            error = $"The statement is of {statement.Origin}.";
        else if (!item.Signature.IsEmpty && keys.Verify(KeyPurpose.Statement, Statement.PaeType, item.Statement.Span, item.Signature.Span))
            return true;
        else if (!TryReadHead(item.Head ?? new SignedBytes(), keys, out var head, out error))
            error = $"The statement is not signed, and: {error}";
        else if (!Leaf.TryRead(item.Leaf.Span, out var leaf, out error) || item.Leaf.Length != Leaf.SizeBytes)
            error = $"The leaf can't be read. {error}";
        else if (leaf.Origin != statement.Origin || leaf.Record != statement.Record || leaf.StatementHash != Digest.Sha256(item.Statement.Span))
            error = "The leaf names another statement.";
        else if (item.InclusionProof.Any(hash => hash.Length != Digest.SizeBytes))
            error = "A proof is made of hashes of 32 bytes.";
        else if (InclusionProof.Verify(leaf.Seq, head.Size, leaf.Hash(head.Ledger), head.Root, [.. item.InclusionProof.Select(hash => Digest.Read(hash.Span))]))
            return true;
        else
            error = "The leaf is not part of the head's tree.";
        statement = null;
        return false;
    }

    private static bool TryProveHeads(ByteString first, ByteString second, KeyRing keys, out string detail)
    {
        if (!TryParse(SignedBytes.Parser, first, out var one) || !TryParse(SignedBytes.Parser, second, out var other))
        {
            detail = "A head is not signed bytes.";
            return false;
        }

        if (!TryReadHead(one, keys, out var before, out detail) || !TryReadHead(other, keys, out var after, out detail))
            return false;
        var found = HeadContradiction.Find(before, after);
        detail = found ?? "Both heads may be true.";
        return found is not null;
    }

    private static bool TryProveStatements(ByteString first, ByteString second, InstituteId institute, KeyRing keys, out string detail)
    {
        if (!TryParse(DisclosedStatement.Parser, first, out var one) || !TryParse(DisclosedStatement.Parser, second, out var other))
        {
            detail = "A statement is not a disclosed statement.";
            return false;
        }

        if (!TryReadStatement(one, institute, keys, out var before, out detail) || !TryReadStatement(other, institute, keys, out var after, out detail))
            return false;
        var found = StatementContradiction.Find(before, after);
        detail = found is { } part
            ? $"{institute} committed to part {part.Part:x16} of record {before.Record}, changed at {part.ChangedMs}, as {part.First} and as {part.Second}"
            : "Both statements may be true.";
        return found is not null;
    }

    private static bool TryReadHead(SignedBytes signed, KeyRing keys, [NotNullWhen(true)] out Head? head, out string error)
    {
        if (!Head.TryDecode(signed.Payload.Span, out head, out error))
            return false;
        if (keys.Verify(KeyPurpose.Head, Head.PaeType, signed.Payload.Span, signed.Signature.Span))
            return true;
        error = "The head is not signed by an active head key of the institute.";
        head = null;
        return false;
    }

    private static bool TryParse<T>(MessageParser<T> parser, ByteString bytes, [NotNullWhen(true)] out T? message)
        where T : class, IMessage<T>
    {
        try
        {
            message = parser.ParseFrom(bytes);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            message = null;
            return false;
        }
    }
}
