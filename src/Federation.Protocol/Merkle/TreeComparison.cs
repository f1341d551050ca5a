using Federation.Protocol.Records;

namespace Federation.Protocol.Merkle;

/// <summary>
/// Finds the first entry in which two copies of a tree differ, by comparing tiles from the top down: a tile for each level of tiles, and one
/// more for each level at the ragged end.
/// </summary>
/// <param name="size">The number of leaves that both copies have.</param>
/// <param name="ours">Answers the first hashes of a tile, concatenated; zero bytes stand for a hash that is not known.</param>
/// <param name="theirs">The same of the other copy; each answer is a request.</param>
public sealed class TreeComparison(
    ulong size,
    Func<TileCoordinate, int, CancellationToken, Task<byte[]>> ours,
    Func<TileCoordinate, int, CancellationToken, Task<byte[]>> theirs)
{
    /// <summary>Of the leaves, those that could not be compared: one copy knows only a hash that covers more than any tile compares.</summary>
    public ulong Uncompared { get; private set; }

    /// <summary>The first difference; null if there is none in what could be compared.</summary>
    public async Task<TreeDifference?> RunAsync(CancellationToken cancellationToken)
    {
        var top = 0;
        while (size >> (Tiles.Height * (top + 1)) > 0)
            top++;
        // From the left: all full subtrees of the top level, then at each level below those behind the last full one above it.
        for (var level = top; level >= 0; level--)
        {
            var coordinate = new TileCoordinate(level, size >> (Tiles.Height * (level + 1)));
            var count = Tiles.HashesIn(coordinate, size);
            if (count == 0)
                continue;
            var (found, unknown) = await FirstAsync(coordinate, count, cancellationToken);
            Uncompared += (ulong)unknown << (Tiles.Height * level);
            if (found is { } difference)
                return await DescendAsync(level, difference, cancellationToken);
        }
        return null;
    }

    private async Task<TreeDifference> DescendAsync(int level, TreeDifference above, CancellationToken cancellationToken)
    {
        while (level > 0)
        {
            var coordinate = new TileCoordinate(--level, above.FirstLeaf >> (Tiles.Height * (level + 1)));
            var (found, _) = await FirstAsync(coordinate, Tiles.HashesPerTile, cancellationToken);
            if (found is not { } difference)
                break;
            above = difference;
        }
        return above;
    }

    private async Task<(TreeDifference? Found, int Unknown)> FirstAsync(TileCoordinate tile, int count, CancellationToken cancellationToken)
    {
        var (own, other) = (await ours(tile, count, cancellationToken), await theirs(tile, count, cancellationToken));
        var unknown = 0;
        for (var i = 0; i < count; i++)
        {
            var (left, right) = (HashAt(own, i), HashAt(other, i));
            if (left.IsZero || right.IsZero)
                unknown++;
            else if (left != right)
                return (new TreeDifference((tile.Index * Tiles.HashesPerTile + (ulong)i) << (Tiles.Height * tile.Level), 1UL << (Tiles.Height * tile.Level), left, right), unknown);
        }
        return (null, unknown);
    }

    private static Digest HashAt(byte[] tile, int index) =>
        tile.Length >= (index + 1) * Digest.SizeBytes ? Digest.Read(tile.AsSpan(index * Digest.SizeBytes)) : Digest.Zero;
}
