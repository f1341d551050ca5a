using System.Runtime.InteropServices;
using Federation.Protocol.Records;

namespace Federation.Node.Ledger;

/// <summary>
/// A tree as the second path builds it: for each level of tiles the hashes of the tile that is not full yet. Its root follows from them by
/// the plain recursion, from the lowest level up.
/// </summary>
internal sealed class AuditedTree
{
    private const int HashesPerTile = 256;
    private const int BitsPerLevel = 8;

    private readonly List<List<Digest>> levels = [[]];
    private Digest? root;

    /// <summary>The number of leaves.</summary>
    public ulong Size { get; private set; }

    /// <summary>The number of levels of tiles.</summary>
    public int LevelCount => levels.Count;

    /// <summary>The hashes of the tile of a level that is not full.</summary>
    public IReadOnlyList<Digest> Open(int level) => level < levels.Count ? levels[level] : [];

    /// <summary>The index of the tile of a level that is not full in a tree of a size.</summary>
    public static ulong OpenIndex(int level, ulong size) => Shift(size, level + 1);

    /// <summary>How many hashes the tile of a level that is not full has in a tree of a size.</summary>
    public static int OpenCount(int level, ulong size) => (int)(Shift(size, level) % HashesPerTile);

    /// <summary>The number of levels of tiles of a tree of a size.</summary>
    public static int LevelsOf(ulong size)
    {
        var count = 1;
        while (Shift(size, count) > 0)
            count++;
        return count;
    }

    /// <summary>A tree of a size, given the hashes of the open tile of each level.</summary>
    public static AuditedTree From(ulong size, IReadOnlyList<IReadOnlyList<Digest>> open)
    {
        var tree = new AuditedTree { Size = size };
        tree.levels.Clear();
        tree.levels.AddRange(open.Select(hashes => hashes.ToList()));
        return tree;
    }

    /// <summary>Appends a leaf; each tile that becomes full comes out with its level and index.</summary>
    public void Append(Digest leafHash, Action<int, ulong, IReadOnlyList<Digest>> full)
    {
        root = null;
        Size++;
        levels[0].Add(leafHash);
        for (var level = 0; levels[level].Count == HashesPerTile; level++)
        {
            full(level, Shift(Size, level + 1) - 1, [.. levels[level]]);
            if (level + 1 == levels.Count)
                levels.Add([]);
            levels[level + 1].Add(RootOf(levels[level]));
            levels[level].Clear();
        }
    }

    /// <summary>The root; kept until the next leaf.</summary>
    public Digest Root()
    {
        if (root is { } known)
            return known;
        Digest? rest = null;
        foreach (var level in levels)
        {
            List<Digest> hashes = rest is { } last ? [.. level, last] : level;
            if (hashes.Count > 0)
                rest = RootOf(hashes);
        }

        root = rest ?? SecondPath.Root([]);
        return root.Value;
    }

    /// <summary>The root over the hashes of a tile.</summary>
    public static Digest RootOf(List<Digest> hashes) => SecondPath.Root(CollectionsMarshal.AsSpan(hashes));

    private static ulong Shift(ulong size, int level) => level * BitsPerLevel < 64 ? size >> (level * BitsPerLevel) : 0;
}
