using Federation.Node.Storage;
using Federation.V1.Exchange;
using Google.Protobuf;
using EvidenceKind = Federation.Node.Storage.EvidenceKind;
using EvidenceObject = Federation.Node.Storage.EvidenceObject;

namespace Federation.Node.Exchange;

/// <summary>What is kept when a ledger halts: the message, the head in it, and the last good head that it is held against.</summary>
internal static class HaltEvidence
{
    /// <summary>The objects of a fault in an answer to Hello.</summary>
    public static List<EvidenceObject> Of(HelloResponse response, SignedBytes? held) =>
        [EvidenceObject.Of(EvidenceKind.Hello, response.ToByteArray()), .. Head(EvidenceKind.PresentedHead, response.Head), .. Head(EvidenceKind.HeldHead, held)];

    /// <summary>The objects of a fault in a batch.</summary>
    public static List<EvidenceObject> Of(FollowResponse response, SignedBytes? held, SignedBytes? contact = null) =>
    [
        EvidenceObject.Of(EvidenceKind.Batch, response.ToByteArray()),
        .. Head(EvidenceKind.PresentedHead, response.Head),
        .. Head(EvidenceKind.ContactHead, contact),
        .. Head(EvidenceKind.HeldHead, held),
    ];

    /// <summary>The last good head of a stored cursor; null before the first.</summary>
    public static SignedBytes? HeldBy(FollowRow row) => row.Head.Length == 0
        ? null
        : new SignedBytes { Payload = ByteString.CopyFrom(row.Head), Signature = ByteString.CopyFrom(row.HeadSignature) };

    private static IEnumerable<EvidenceObject> Head(EvidenceKind kind, SignedBytes? head) =>
        head is { Payload.Length: > 0 } ? [EvidenceObject.Of(kind, head.ToByteArray())] : [];
}
