using System.Collections.Concurrent;
using Federation.Node.Tests.Infrastructure;
using Federation.Protocol.Heads;
using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Federation.V1.Records;
using Google.Protobuf;
using Grpc.Core;
using Xunit;

namespace Federation.Node.Tests.Scenarios;

/// <summary>
/// Catching up by latest entries and hashes. The partner is the test itself: it follows from the first entry on and so sees the ledger grow
/// densely, and follows again from other cursors.
/// </summary>
public sealed class CatchUpTests : IAsyncLifetime
{
    private readonly ConcurrentDictionary<ulong, BatchItem> dense = [];
    private readonly List<string> records = [];
    private TestFederation federation = null!;
    private TestNode node = null!;
    private TestInstitute partner = null!;
    private TestChannel channel = null!;
    private HelloResponse hello = null!;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        federation = await TestFederation.StartAsync("uk");
        node = federation["uk"];
        partner = new TestInstitute("jp");
        await node.AddPartnerAsync(partner.Card, share: true);
        await node.ApplyPolicyAsync("jp", TestPolicies.Green);
        channel = new TestChannel(node.PartnerAddress, partner.Tls);
        hello = await channel.Exchange.HelloAsync(new HelloRequest { LowestVersion = 1, HighestVersion = 1 }, cancellationToken: Now);
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        await federation.DisposeAsync();
    }

    [Fact]
    public async Task Sparse_equals_dense_from_any_cursor_in_root_and_state_I18()
    {
        await WriteHistoryAsync(seed: 4);
        var leaves = ReadLeaves();
        Assert.InRange(leaves.Count, 400, 2000);
        var latest = leaves.GroupBy(l => l.Record).ToDictionary(g => g.Key, g => g.Last().Seq);
        var random = new Random(18);
        foreach (var cursor in Enumerable.Range(0, 40).Select(_ => random.Next(leaves.Count)).Append(0).Append(255).Append(256).Append(leaves.Count))
        {
            var shown = await FollowFromAsync(leaves, cursor, maxBatch: random.Next(3) == 0 ? (uint)random.Next(1, 9) : 256);
            Assert.Equal(latest.Values.Where(seq => seq >= (ulong)cursor).Order(), shown.Keys.Order());
            foreach (var (seq, item) in shown)
            {
                Assert.Equal(leaves[(int)seq], item.Leaf);
                Assert.Equal(dense[seq].Statement.ToArray(), item.Statement.ToArray());
                Assert.Equal(dense[seq].Openings.ToArray(), item.Openings.ToArray());
            }
        }
    }

    [Fact]
    public async Task What_lies_between_goes_out_as_few_hashes_whatever_its_length()
    {
        var flaw = await node.PublishAsync(Drafts.Flaw("revised often"));
        await node.WaitForOutboundAsync("jp", l => l.Appended == 1);
        for (var revision = 1U; revision <= 300; revision++)
        {
            await node.ReviseAsync(flaw, revision, Drafts.Flaw($"revised {revision}"));
            await node.WaitForOutboundAsync("jp", l => l.Appended == revision + 1);
        }

        var leaves = ReadLeaves();
        using var bounded = Patience.Bounded();
        using var follow = channel.Exchange.Follow(new FollowRequest { LedgerId = hello.LedgerId, FromSize = 1 }, cancellationToken: bounded.Token);
        Assert.True(await follow.ResponseStream.MoveNext(bounded.Token));
        var items = ItemsOf(follow.ResponseStream.Current);
        Assert.Equal(SubtreeCover.Of(1, 300).Count() + 1, items.Count);
        Assert.Equal(BatchItemType.Entry, items[^1].Type);
        Assert.Equal(leaves[^1], items[^1].Leaf);
    }

    [Fact]
    public async Task Entries_are_shown_again_with_their_paths_and_superseded_ones_as_hashes()
    {
        await WriteHistoryAsync(seed: 5);
        var leaves = ReadLeaves();
        var size = (ulong)leaves.Count;
        var latest = leaves.GroupBy(l => l.Record).Select(g => g.Last().Seq).ToHashSet();
        var root = RootOf(leaves);
        var ledger = LedgerId.Read(hello.LedgerId.Span);

        var range = await AskAsync(new GetEntriesRequest { LedgerId = hello.LedgerId, Size = size, Range = new EntryRange { FromSeq = 3, ToSeq = size } });

        Assert.Equal(leaves.Count - 3, range.Count);
        for (var i = 0; i < range.Count; i++)
        {
            var (item, path) = range[i];
            var hash = item.Type == BatchItemType.Entry ? item.Leaf.Hash(ledger) : item.Hash;
            Assert.Equal(latest.Contains((ulong)i + 3), item.Type == BatchItemType.Entry);
            Assert.Equal(leaves[i + 3].Hash(ledger), hash);
            Assert.True(InclusionProof.Verify((ulong)i + 3, size, hash, root, path));
        }

        await Task.Delay(TimeSpan.FromSeconds(1.1), Now);
        var buckets = new GetEntriesRequest { LedgerId = hello.LedgerId, Size = size, Buckets = new LiveBuckets { Buckets = { 0, 63, 17, 20 } } };
        var inBuckets = (await AskAsync(buckets)).ConvertAll(shown => shown.Item.Leaf);
        Assert.Equal(leaves.Where(l => latest.Contains(l.Seq) && LiveSet.BucketOf(l.Record) is 0 or 63 or 17 or 20), inBuckets);
    }

    [Fact]
    public async Task What_a_policy_forbids_is_not_shown_again_and_asking_too_much_or_too_often_is_refused()
    {
        await node.PublishAsync(Drafts.Flaw("soon forbidden", "secret-again"));
        await node.WaitForOutboundAsync("jp", l => l.Appended == 1);
        var request = new GetEntriesRequest { LedgerId = hello.LedgerId, Size = 1, Range = new EntryRange { ToSeq = 1 } };
        // The head of size 1 is signed once somebody follows.
        await FollowToTipAsync(0);
        Assert.Equal(BatchItemType.Entry, Assert.Single(await AskAsync(request)).Item.Type);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => AskAsync(request));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        await node.ApplyPolicyAsync("jp", TestPolicies.PracticesOnly);
        await Task.Delay(TimeSpan.FromSeconds(1.1), Now);
        try
        {
            Assert.Equal(BatchItemType.Opaque, Assert.Single(await AskAsync(request)).Item.Type);
        }
        catch (RpcException held) when (held.StatusCode == StatusCode.ResourceExhausted)
        {
            // It was being withdrawn at that moment.
        }

        await Task.Delay(TimeSpan.FromSeconds(1.1), Now);
        request.Range.ToSeq = 2;
        refusal = await Assert.ThrowsAsync<RpcException>(() => AskAsync(request));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
    }

    [Fact]
    public async Task A_tile_and_the_live_sums_are_those_of_the_ledger()
    {
        await WriteHistoryAsync(seed: 6);
        var leaves = ReadLeaves();
        var ledger = LedgerId.Read(hello.LedgerId.Span);
        for (var index = 0; index <= leaves.Count / 256; index++)
        {
            var tile = await channel.Exchange.GetTileAsync(new GetTileRequest { LedgerId = hello.LedgerId, Index = (ulong)index }, cancellationToken: Now);
            Assert.Equal(leaves.Skip(index * 256).Take(256).SelectMany(l => l.Hash(ledger).ToBytes()), tile.Hashes.ToByteArray());
        }

        var above = await channel.Exchange.GetTileAsync(new GetTileRequest { LedgerId = hello.LedgerId, Level = 1 }, cancellationToken: Now);
        Assert.Equal(RootOf(leaves[..256]).ToBytes(), above.Hashes.ToByteArray().Take(32));
        var sums = await channel.Exchange.GetLiveSumsAsync(new GetLiveSumsRequest { LedgerId = hello.LedgerId }, cancellationToken: Now);
        var live = new LiveSet();
        foreach (var last in leaves.GroupBy(l => l.Record).Select(g => g.Last()).Where(l => l.Operation == LedgerOperation.Disclose))
            live.Add(last.Record, last.Hash(ledger));
        Assert.Equal((ulong)leaves.Count, sums.Size);
        Assert.Equal(live.Count, sums.LiveCount);
        Assert.Equal(live.Encode(), sums.Sums.ToByteArray());
        var wild = new GetTileRequest { LedgerId = hello.LedgerId, Level = 7, Index = ulong.MaxValue };
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await channel.Exchange.GetTileAsync(wild, cancellationToken: Now));
        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
    }

    // Publishes, revises, hides, shows again, withdraws and erases, while the test follows: nothing is left unsent.
    private async Task WriteHistoryAsync(int seed)
    {
        var random = new Random(seed);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(Now);
        var watch = WatchAsync(watching.Token);
        var revisions = new Dictionary<string, uint>();
        for (var i = 0; i < 560; i++)
        {
            if (records.Count < 20 || random.Next(3) == 0)
            {
                records.Add(await node.PublishAsync(Drafts.Flaw($"flaw {i}")));
                revisions[records[^1]] = 1;
            }
            else
            {
                var record = records[random.Next(records.Count)];
                var marking = random.Next(4) == 0 ? Marking.Red : Marking.Green;
                revisions[record] = await node.ReviseAsync(record, revisions[record], Drafts.Flaw($"revised {i}", marking: marking));
            }

            if (i % 40 == 39)
            {
                await node.EraseAsync(records[^1], revisions[records[^1]]);
                records.RemoveAt(records.Count - 1);
            }

            // One entry for each step, or little less.
            await Task.Delay(TimeSpan.FromMilliseconds(3), Now);
        }

        await node.PublishAsync(Drafts.Practice("the end"));
        await Patience.UntilAsync(
            () => Task.FromResult(dense.Values.Any(item => item.Statement.Length > 0 && item.Openings.Span.IndexOf("the end"u8) >= 0)), () => "the end of the ledger");
        await node.WaitForOutboundAsync("jp", l => l.Appended == l.Signed && l.Appended == (ulong)ReadLeaves().Count);
        await watching.CancelAsync();
        await Assert.ThrowsAnyAsync<RpcException>(() => watch);
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var follow = channel.Exchange.Follow(new FollowRequest { LedgerId = hello.LedgerId }, cancellationToken: cancellationToken);
        while (await follow.ResponseStream.MoveNext(cancellationToken))
        {
            foreach (var item in ItemsOf(follow.ResponseStream.Current).Where(i => i.Type == BatchItemType.Entry))
                dense[item.Leaf.Seq] = item;
        }
    }

    // Follows from a cursor to the tip, verifies each batch over the dense tree up to there, and answers what was shown.
    private async Task<Dictionary<ulong, BatchItem>> FollowFromAsync(List<Leaf> leaves, int cursor, uint maxBatch)
    {
        var ledger = LedgerId.Read(hello.LedgerId.Span);
        var range = new CompactRange();
        leaves.Take(cursor).ToList().ForEach(l => range.Append(l.Hash(ledger)));
        var shown = new Dictionary<ulong, BatchItem>();
        foreach (var batch in await FollowToTipAsync((ulong)cursor, maxBatch))
        {
            Assert.Equal(range.Size, batch.FirstSeq);
            foreach (var item in ItemsOf(batch))
            {
                if (item.Type == BatchItemType.Entry)
                    shown.Add(item.Leaf.Seq, item);
                range.AppendSubtree(item.Level, item.Type == BatchItemType.Entry ? item.Leaf.Hash(ledger) : item.Hash);
            }

            Assert.True(Head.TryDecode(batch.Head.Payload.Span, out var head, out _));
            Assert.Equal((head.Size, head.Root), (range.Size, range.Root()));
            Assert.Equal(RootOf(leaves[..(int)head.Size]), head.Root);
        }

        Assert.Equal((ulong)leaves.Count, range.Size);
        return shown;
    }

    private async Task<List<FollowResponse>> FollowToTipAsync(ulong from, uint maxBatch = 0)
    {
        using var bounded = Patience.Bounded();
        var request = new FollowRequest { LedgerId = hello.LedgerId, FromSize = from, MaxBatchEntries = maxBatch };
        using var follow = channel.Exchange.Follow(request, cancellationToken: bounded.Token);
        var batches = new List<FollowResponse>();
        while (await follow.ResponseStream.MoveNext(bounded.Token))
        {
            batches.Add(follow.ResponseStream.Current);
            Assert.True(Head.TryDecode(batches[^1].Head.Payload.Span, out var head, out _));
            if (head.Tip)
                return batches;
        }

        throw new InvalidOperationException("the stream ended before its tip");
    }

    private async Task<List<(BatchItem Item, List<Digest> Path)>> AskAsync(GetEntriesRequest request)
    {
        using var bounded = Patience.Bounded();
        using var call = channel.Exchange.GetEntries(request, cancellationToken: bounded.Token);
        var shown = new List<(BatchItem, List<Digest>)>();
        while (await call.ResponseStream.MoveNext(bounded.Token))
        {
            var response = call.ResponseStream.Current;
            Assert.True(BatchFrame.TryRead(response.Items.Memory, 256, out var items, out var error), error);
            Assert.Equal(items.Count, response.Paths.Count);
            shown.AddRange(items.Zip(response.Paths, (item, path) => (item, PathOf(path))));
        }

        return shown;
    }

    // Read from the database directly: the ledger as it is, with everything superseded.
    private List<Leaf> ReadLeaves()
    {
        using var session = node.OpenDatabase();
        using var rows = session.Use("SELECT l.seq, l.op, r.origin, r.rid, l.vrev, l.stmt_hash FROM ledger l JOIN record r ON r.rec = l.rec ORDER BY l.seq");
        var leaves = new List<Leaf>();
        while (rows.Step())
        {
            var name = rows.Name(2);
            var hash = rows.IsNull(5) ? Digest.Zero : rows.Hash(5);
            leaves.Add(new Leaf((LedgerOperation)rows.Int32(1), rows.UInt64(0), name.Origin, name.Id, (uint)rows.Int64(4), hash));
        }

        return leaves;
    }

    private Digest RootOf(List<Leaf> leaves)
    {
        var ledger = LedgerId.Read(hello.LedgerId.Span);
        return Storage.TreeRoot.Of(leaves.ConvertAll(l => l.Hash(ledger)));
    }

    private static List<BatchItem> ItemsOf(FollowResponse batch)
    {
        if (batch.Items.IsEmpty)
            return [];
        Assert.True(BatchFrame.TryRead(batch.Items.Memory, 256, out var items, out var error), error);
        return items;
    }

    private static List<Digest> PathOf(ByteString bytes) =>
        [.. Enumerable.Range(0, bytes.Length / Digest.SizeBytes).Select(i => Digest.Read(bytes.Span[(i * Digest.SizeBytes)..]))];
}
