using Federation.Node.Ledger;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.V1.Exchange;

namespace Federation.Node.Exchange;

/// <summary>An echo as it is taken in: every item, and of each record what its latest entry says. Bounded in items and in bytes of content.</summary>
internal sealed class EchoedLedger(InstituteId own)
{
    private readonly List<EchoedItem> items = [];
    private readonly Dictionary<RecordName, EchoedContent> contents = [];
    private long contentBytes;

    /// <summary>The items, without gaps.</summary>
    public IReadOnlyList<EchoedItem> Items => items;

    /// <summary>The sequence number after the last item; null if there is no item.</summary>
    public ulong? End { get; private set; }

    /// <summary>The head at the end, as signed; null if the follower holds none, or the echo was cut.</summary>
    public SignedBytes? Head { get; private set; }

    /// <summary>What the follower holds under the latest entry of a record; null if it is a tombstone, or was not sent.</summary>
    public EchoedContent? ContentOf(RecordName name) => contents.GetValueOrDefault(name);

    /// <summary>Takes a message; returns what is wrong with it, or null.</summary>
    public string? Take(EchoResponse response, LedgerId ledger)
    {
        Head = response.Head ?? Head;
        if (response.Items.IsEmpty)
            return null;
        if (End is { } next && response.FirstSeq != next)
            return $"the echo goes on at {response.FirstSeq} and {next} is next";
        if (!BatchFrame.TryRead(response.Items.ToByteArray(), ExchangeLimits.EchoEntries, out var framed, out var error))
            return error;
        if (items.Count + framed.Count > ExchangeLimits.MaxEchoItems)
            return $"more than {ExchangeLimits.MaxEchoItems} items are missing";
        End ??= response.FirstSeq;
        foreach (var item in framed)
        {
            if (End + (1UL << item.Level) > long.MaxValue)
                return "the echo goes on beyond every ledger";
            if (item.Type == BatchItemType.Entry && item.Leaf.Seq != End)
                return $"an entry says {item.Leaf.Seq} and {End} is next";
            Add(item, ledger);
        }

        return null;
    }

    private void Add(BatchItem item, LedgerId ledger)
    {
        var seq = End!.Value;
        if (item.Type == BatchItemType.Opaque)
        {
            items.Add(new EchoedItem(seq, item.Level, item.Hash, null));
            End = seq + (1UL << item.Level);
            return;
        }

        var leaf = item.Leaf;
        items.Add(new EchoedItem(seq, 0, leaf.Hash(ledger), leaf));
        End = seq + 1;
        var name = new RecordName(leaf.Origin, leaf.Record);
        if (contents.Remove(name, out var before))
            contentBytes -= before.SizeBytes;
        if (item.Statement.Length == 0 || contentBytes + item.Statement.Length + item.Openings.Length > ExchangeLimits.MaxEchoBytes || !IsTrue(item))
            return;
        var content = new EchoedContent(seq, item.Statement.ToArray(), item.Openings.ToArray());
        contents.Add(name, content);
        contentBytes += content.SizeBytes;
    }

    // Content that does not belong to its leaf is as good as none. Of what was passed on parts may be left out, the envelope not.
    private bool IsTrue(BatchItem item) =>
        Digest.Sha256(item.Statement.Span) == item.Leaf.StatementHash
        && Statement.TryDecode(item.Statement.Span, out var statement, out _)
        && statement.Origin == item.Leaf.Origin
        && statement.Record == item.Leaf.Record
        && Openings.TryDecode(item.Openings, out var openings, out _)
        && openings is [{ Part: 0 }, ..]
        && StatementCheck.TryOpen(statement, openings, out _, requireAll: statement.Origin == own);
}
