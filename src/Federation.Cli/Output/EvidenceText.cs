using Federation.Protocol.Keys;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Cli.Output;

/// <summary>Objects of evidence in words.</summary>
internal static class EvidenceText
{
    /// <summary>What an object is.</summary>
    public static string NameOf(EvidenceKind kind) => kind switch
    {
        EvidenceKind.HeldHead => "the last good head",
        EvidenceKind.PresentedHead => "the head that was shown",
        EvidenceKind.ContactHead => "the head in the answer to Hello",
        EvidenceKind.Hello => "the answer to Hello as received",
        EvidenceKind.Batch => "the batch as received",
        EvidenceKind.Receipt => "a receipt",
        EvidenceKind.OwnHead => "a head that this node signed",
        EvidenceKind.Statement => "a statement and what binds its originator to it",
        EvidenceKind.Finding => "what a check found",
        EvidenceKind.Answer => "an answer as received",
        _ => "an object of which only the bytes are known",
    };

    /// <summary>What an object says; only its size where it can't be read.</summary>
    public static IEnumerable<(string Name, object? Value)> Describe(EvidenceObject item)
    {
        (string, object?)[] size = [("bytes", item.Content.Length)];
        try
        {
            return item.Kind switch
            {
                EvidenceKind.HeldHead or EvidenceKind.PresentedHead or EvidenceKind.ContactHead or EvidenceKind.OwnHead => Head(SignedBytes.Parser.ParseFrom(item.Content)) ?? size,
                EvidenceKind.Receipt => Receipt(SignedBytes.Parser.ParseFrom(item.Content)) ?? size,
                EvidenceKind.Batch => Batch(FollowResponse.Parser.ParseFrom(item.Content)),
                EvidenceKind.Finding => [("finding", item.Content.ToStringUtf8())],
                _ => size,
            };
        }
        catch (InvalidProtocolBufferException)
        {
            return size;
        }
    }

    private static (string, object?)[]? Head(SignedBytes signed) => Protocol.Heads.Head.TryDecode(signed.Payload.Span, out var head, out _)
        ?
        [
            ("ledger", $"{head.Ledger}, incarnation {head.Incarnation}"),
            ("size", head.Size),
            ("root", head.Root),
            ("time", TimeText.OfMilliseconds(head.TimeMs)),
            ("live entries", head.Tip ? $"{head.LiveCount}, digest {head.LiveDigest}" : "not said: not at the tip"),
            ("signed by", SignerOf(signed)),
        ]
        : null;

    private static (string, object?)[]? Receipt(SignedBytes signed) => Protocol.Heads.Receipt.TryDecode(signed.Payload.Span, out var receipt, out _)
        ?
        [
            ("ledger", $"{receipt.Ledger}, incarnation {receipt.Incarnation}"),
            ("size", receipt.Size),
            ("root", receipt.Root),
            ("time", TimeText.OfMilliseconds(receipt.TimeMs)),
            ("live entries", receipt.LiveDigest.IsZero ? "not said: not at the tip" : $"digest {receipt.LiveDigest}"),
            ("signed by", SignerOf(signed)),
        ]
        : null;

    private static (string, object?)[] Batch(FollowResponse batch) => [("first entry", batch.FirstSeq), ("bytes of entries", batch.Items.Length)];

    private static string SignerOf(SignedBytes signed) =>
        Signature.TryDecode(signed.Signature.Span, out var signature, out _) ? $"key {signature.Key}" : "nobody: the signature can't be read";
}
