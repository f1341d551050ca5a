using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.Protocol.Tests.Infrastructure;

namespace Federation.Protocol.Tests.Merkle;

public class TreeComparisonTests
{
    private static readonly Digest[] Leaves = [.. Enumerable.Range(0, 70_000).Select(i => MerkleHash.Leaf(BitConverter.GetBytes(i)))];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(3000)]
    [InlineData(70_000)]
    public async Task Equal_trees_have_no_difference(int size)
    {
        var requests = 0;
        var comparison = Compare(size, Leaves, Leaves, () => requests++);

        Assert.Null(await comparison.RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0UL, comparison.Uncompared);
        Assert.InRange(requests, 0, 3);
    }

    [Fact]
    public async Task The_first_difference_is_found_wherever_it_is_by_a_logarithm_of_requests()
    {
        foreach (var size in new[] { 1, 2, 255, 256, 257, 300, 512, 3000, 65_535, 65_536, 65_537, 70_000 })
        {
            foreach (var at in new[] { 0, 1, size / 3, size / 2, size - 2, size - 1 }.Where(at => at >= 0 && at < size).Distinct())
            {
                var requests = 0;
                var theirs = (Digest[])Leaves.Clone();
                theirs[at] = Digest.Sha256("another"u8);
                // A later one is not the first.
                theirs[size - 1] = Digest.Sha256("later"u8);

                var found = await Compare(size, Leaves, theirs, () => requests++).RunAsync(TestContext.Current.CancellationToken);

                Assert.Equal(new TreeDifference((ulong)at, 1, Leaves[at], theirs[at]), found);
                Assert.InRange(requests, 1, 5);
            }
        }
    }

    [Fact]
    public async Task What_is_known_only_further_up_is_named_as_a_whole_or_counted_as_not_compared()
    {
        var theirs = (Digest[])Leaves.Clone();
        theirs[300] = Digest.Sha256("another"u8);
        // The other side knows no leaf of the second block of 256, and nothing at all of the ragged end.
        var comparison = Compare(600, Leaves, theirs, () => { }, (level, leaf) => level == 0 && leaf >= 256);

        var found = await comparison.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal((256UL, 256UL), (found!.Value.FirstLeaf, found.Value.Leaves));

        comparison = Compare(600, Leaves, Leaves, () => { }, (level, leaf) => level == 0 && leaf >= 512);
        Assert.Null(await comparison.RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal(88UL, comparison.Uncompared);
    }

    private static TreeComparison Compare(int size, Digest[] ours, Digest[] theirs, Action onRequest, Func<int, int, bool>? hides = null) => new(
        (ulong)size,
        (tile, count, _) => Task.FromResult(Read(ours, tile, count, null)),
        (tile, count, _) =>
        {
            onRequest();
            return Task.FromResult(Read(theirs, tile, count, hides));
        });

    private static byte[] Read(Digest[] leaves, TileCoordinate tile, int count, Func<int, int, bool>? hides)
    {
        var bytes = new byte[count * Digest.SizeBytes];
        var width = 1 << (Tiles.Height * tile.Level);
        for (var i = 0; i < count; i++)
        {
            var first = ((int)tile.Index * Tiles.HashesPerTile + i) * width;
            if (hides?.Invoke(tile.Level, first) != true)
                ReferenceTree.Root(leaves.AsSpan(first, width)).Write(bytes.AsSpan(i * Digest.SizeBytes));
        }
        return bytes;
    }
}
