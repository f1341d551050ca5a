using Federation.Protocol.Merkle;
using Federation.Protocol.Records;
using Federation.Protocol.Tests.Infrastructure;

namespace Federation.Protocol.Tests.Merkle;

public class TilesTests
{
    private const int Size = 70_000;
    private static readonly Digest[] Leaves = ReferenceTree.Leaves(Size);
    private static readonly Dictionary<TileCoordinate, List<Digest>> Stored = Store();

    [Fact]
    public void The_stored_tiles_are_as_wide_as_the_size_says()
    {
        Assert.Equal(Size / 256 + 1 + 2 + 1, Stored.Count);
        foreach (var (tile, hashes) in Stored)
            Assert.Equal(hashes.Count, Tiles.HashesIn(tile, Size));
        Assert.Equal(0, Tiles.HashesIn(new TileCoordinate(0, 274), Size));
        Assert.Equal(0, Tiles.HashesIn(new TileCoordinate(3, 0), Size));
        Assert.Equal(0, Tiles.HashesIn(new TileCoordinate(9, ulong.MaxValue), Size));
        Assert.Equal(0, Tiles.HashesIn(new TileCoordinate(0, ulong.MaxValue), Size));
    }

    [Fact]
    public void Every_subtree_follows_from_its_tile()
    {
        for (var level = 0; level <= 16; level++)
        {
            for (ulong index = 0; (index + 1) << level <= Size; index += 1 + (ulong)(37 >> (level / 2)))
            {
                var expected = ReferenceTree.Root(Leaves.AsSpan((int)(index << level), 1 << level));
                Assert.Equal(expected, Tiles.Node(level, index, Bytes(Tiles.TileOf(level, index))));
            }
        }
    }

    [Fact]
    public void Where_only_the_hash_of_a_subtree_is_known_everything_around_it_follows_and_nothing_within()
    {
        var leaves = Leaves.AsSpan(0, 256);
        for (var hole = 1; hole < 8; hole++)
        {
            for (var at = 0; at < 256; at += 1 << hole)
            {
                var places = leaves.ToArray();
                places[at] = ReferenceTree.Root(leaves.Slice(at, 1 << hole));
                places.AsSpan(at + 1, (1 << hole) - 1).Clear();
                var tile = places.SelectMany(place => place.ToBytes()).ToArray();
                for (var level = 0; level < 8; level++)
                {
                    for (var index = 0; index < 256 >> level; index++)
                    {
                        var (first, count) = (index << level, 1 << level);
                        var within = level < hole && first >= at && first + count <= at + (1 << hole);
                        Assert.Equal(!within, Tiles.IsKnown(level, (ulong)index, tile));
                        if (within)
                            Assert.Throws<ArgumentException>(() => Tiles.Node(level, (ulong)index, tile));
                        else
                            Assert.Equal(ReferenceTree.Root(leaves.Slice(first, count)), Tiles.Node(level, (ulong)index, tile));
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(69_999)]
    public void An_inclusion_proof_is_built_from_the_tiles_announced_and_no_others(int index)
    {
        var announced = Tiles.ForInclusion((ulong)index, Size).ToHashSet();
        var proof = InclusionProof.Build((ulong)index, Size, FromTiles(announced));
        Assert.True(announced.SetEquals(_read));
        Assert.True(InclusionProof.Verify((ulong)index, Size, Leaves[index], ReferenceTree.Root(Leaves), proof));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(65_536)]
    [InlineData(69_999)]
    public void A_consistency_proof_is_built_from_the_tiles_announced_and_no_others(int oldSize)
    {
        var announced = Tiles.ForConsistency((ulong)oldSize, Size).ToHashSet();
        var proof = ConsistencyProof.Build((ulong)oldSize, Size, FromTiles(announced));
        Assert.True(announced.SetEquals(_read));
        var oldRoot = ReferenceTree.Root(Leaves.AsSpan(0, oldSize));
        Assert.True(ConsistencyProof.Verify((ulong)oldSize, Size, oldRoot, ReferenceTree.Root(Leaves), proof));
    }

    [Fact]
    public void A_tile_that_is_too_short_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Tiles.Node(3, 1, new byte[15 * Digest.SizeBytes]));
        Assert.Throws<ArgumentException>(() => Tiles.Node(0, 0, []));
    }

    private readonly HashSet<TileCoordinate> _read = [];

    private Func<int, ulong, Digest> FromTiles(HashSet<TileCoordinate> announced) => (level, index) =>
    {
        var tile = Tiles.TileOf(level, index);
        Assert.Contains(tile, announced);
        _read.Add(tile);
        return Tiles.Node(level, index, Bytes(tile));
    };

    private static byte[] Bytes(TileCoordinate tile) => [.. Stored[tile].SelectMany(hash => hash.ToBytes())];

    private static Dictionary<TileCoordinate, List<Digest>> Store()
    {
        var tiles = new Dictionary<TileCoordinate, List<Digest>>();
        var range = new CompactRange();
        foreach (var leaf in Leaves)
        {
            range.Append(leaf, (level, index, hash) =>
            {
                var tile = new TileCoordinate(level, index / Tiles.HashesPerTile);
                if (!tiles.TryGetValue(tile, out var hashes))
                    tiles[tile] = hashes = [];
                Assert.Equal((int)(index % Tiles.HashesPerTile), hashes.Count);
                hashes.Add(hash);
            });
        }
        return tiles;
    }
}
