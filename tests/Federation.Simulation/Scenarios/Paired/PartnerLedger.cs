using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>What a partner holds of the ledger that it follows: no records, only the growing end of the tree and the last head.</summary>
internal sealed class PartnerLedger
{
    public ByteString Id { get; private set; } = ByteString.Empty;

    public uint Incarnation { get; private set; }

    public CompactRange Range { get; } = new();

    public SignedBytes? LastHead { get; private set; }

    public int Entries { get; private set; }

    /// <summary>The number of items of the last batch.</summary>
    public int LastItems { get; private set; }

    public void Greet(HelloResponse hello) => (Id, Incarnation) = (hello.LedgerId, hello.Incarnation);

    /// <summary>Takes a batch; false if it does not lead to the root under its head.</summary>
    public bool TryTake(FollowResponse batch)
    {
        List<BatchItem> items = [];
        if (!batch.Items.IsEmpty && !BatchFrame.TryRead(batch.Items.Memory, int.MaxValue, out items, out _))
            return false;
        LastItems = items.Count;
        var ledger = LedgerId.Read(Id.Span);
        foreach (var item in items)
        {
            if (item.Type == BatchItemType.Entry)
                Range.Append(item.Leaf.Hash(ledger));
            else
                Range.AppendSubtree(item.Level, item.Hash);
            Entries += item.Type == BatchItemType.Entry ? 1 : 0;
        }

        LastHead = batch.Head;
        return Head.TryDecode(batch.Head.Payload.Span, out var head, out _) && head.Size == Range.Size && head.Root == Range.Root();
    }
}
