using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Merkle;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>A batch before it is sent, open to be tampered with.</summary>
internal sealed class HostileBatch(CompactRange before, List<HostileEntry> items, Head head, SigningKey key)
{
    public ulong FirstSeq { get; set; } = before.Size;

    public List<HostileEntry> Items { get; } = items;

    public Head Head { get; set; } = head;

    public SigningKey Key { get; set; } = key;

    /// <summary>Sent in the place of the items.</summary>
    public byte[]? Raw { get; set; }

    /// <summary>The range over what comes before the batch; a copy.</summary>
    public CompactRange RangeBefore() => before.Clone();

    /// <summary>Makes the head fit the items as they are, whatever they are.</summary>
    public void FitHead()
    {
        var range = before.Clone();
        foreach (var item in Items)
            range.Append(item.Leaf.Hash(Head.Ledger));
        Head = Head with { Size = range.Size, Root = range.Root() };
    }

    public FollowResponse ToResponse()
    {
        var writer = new BatchWriter();
        foreach (var item in Items)
            writer.AddEntry(item.Leaf, item.Statement, item.Signature, item.Openings);
        return new FollowResponse
        {
            FirstSeq = FirstSeq,
            Items = ByteString.CopyFrom(Raw ?? writer.ToArray()),
            Head = TestInstitute.Sign(Key, Protocol.Heads.Head.PaeType, Head.Encode()),
        };
    }
}
