using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.V1.Exchange;

namespace Federation.Node.Exchange;

/// <summary>A proven batch that is not applied yet.</summary>
/// <param name="FirstSeq">The size before.</param>
/// <param name="Items">What the batch consists of, in order, without gaps.</param>
/// <param name="Position">What is proven after it.</param>
/// <param name="Head">The head at its end.</param>
/// <param name="HeadSignature">The signature under that head.</param>
/// <param name="Response">The message as received, for evidence.</param>
internal sealed record VerifiedBatch(
    ulong FirstSeq, VerifiedItem[] Items, VerifiedPosition Position, byte[] Head, byte[] HeadSignature, FollowResponse Response)
{
    /// <summary>The tree before the batch.</summary>
    public required CompactRange Before { get; init; }

    /// <summary>The record that each item carries, ready to be stored; made beside the applying of earlier batches.</summary>
    public ReceivedRecord?[] Records { get; } = new ReceivedRecord?[Items.Length];
}
