using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;

namespace Federation.Node.Operations;

/// <summary>Checks one followed ledger: its stored entries are without gaps, and give the root of the head that was verified.</summary>
internal sealed class FollowedLedgerScrub(INodeStore store, FollowRow row, RecordScrub records)
{
    private const int RowsAtOnce = 256;

    private readonly CompactRange range = new();
    private bool broken;

    /// <summary>Checks the next entries.</summary>
    public async Task<ulong> StepAsync(ulong from, ScrubReport report, CancellationToken cancellationToken)
    {
        var stored = await store.ReadInboundRowsAsync(row.Partner, past: 0, from, RowsAtOnce, cancellationToken);
        foreach (var (seq, bytes) in stored.TakeWhile(found => found.Seq < row.Size))
        {
            if (Decode(seq, bytes) is not { } item)
            {
                await BreakAsync($"entry {seq} can't be read", report, cancellationToken);
                return row.Size;
            }

            if (seq != range.Size || !range.CanAppendSubtree(item.Level) || (item.Leaf is { } leaf && leaf.Seq != seq))
            {
                await BreakAsync($"entry {range.Size} is missing, or another one stands in its place", report, cancellationToken);
                return row.Size;
            }

            range.AppendSubtree(item.Level, item.Hash);
        }

        if (range.Size == from)
        {
            await BreakAsync($"the entries from {from} on are missing", report, cancellationToken);
            return row.Size;
        }

        return range.Size;
    }

    /// <summary>Checks the root.</summary>
    public async Task FinishAsync(ScrubReport report, CancellationToken cancellationToken)
    {
        if (broken || row.Head.Length == 0)
            return;
        if (!Head.TryDecode(row.Head, out var head, out var error))
            await BreakAsync($"the verified head can't be read: {error}", report, cancellationToken);
        else if (head.Size != range.Size || head.Root != range.Root())
            await BreakAsync($"the {range.Size} entries give root {range.Root()}, and the head that was verified {head.Root}", report, cancellationToken);
        else if (!range.Encode().AsSpan().SequenceEqual(row.Range))
            await BreakAsync("the stored range is not that of the entries", report, cancellationToken);
    }

    /// <summary>Whether the incarnation that is checked is still the one that is followed.</summary>
    public async Task<bool> StandsAsync(CancellationToken cancellationToken) =>
        (await store.ReadNodeAsync(cancellationToken)).Followers.Any(follower => follower.Partner == row.Partner && follower.Incarnation == row.Incarnation);

    private async Task BreakAsync(string finding, ScrubReport report, CancellationToken cancellationToken)
    {
        broken = true;
        records.Leave(row.Partner);
        await report.AddAsync(finding, cancellationToken);
    }

    private HeldItem? Decode(ulong seq, byte[] bytes)
    {
        try
        {
            return HeldItem.Decode(row.Ledger, seq, bytes);
        }
        catch (StoreFaultException)
        {
            return null;
        }
    }
}
