using System.Numerics;
using System.Runtime.CompilerServices;
using Federation.Protocol.Records;

namespace Federation.Protocol.Merkle;

/// <summary>
/// The least that a tree can be continued from: the hashes of the perfect subtrees that its size is the sum of, largest first
/// (transparency-dev/merkle, docs/compact_ranges.md). Not safe for concurrent use; one owner at a time.
/// </summary>
public sealed class CompactRange
{
    /// <summary>The highest level of a subtree: sizes stay below 2^63.</summary>
    public const int MaxLevel = 62;

    private Subtrees _hashes;
    private int _count;

    /// <summary>The number of leaves.</summary>
    public ulong Size { get; private set; }

    /// <summary>The hashes, one for each bit set in <see cref="Size"/>, from the highest down; a copy.</summary>
    public Digest[] Hashes => _hashes[.._count].ToArray();

    /// <summary>Reads what <see cref="Encode"/> wrote for a tree of <paramref name="size"/> leaves.</summary>
    /// <exception cref="ArgumentException">The length does not fit the size, or the size is 2^63 or more.</exception>
    public static CompactRange Decode(ulong size, ReadOnlySpan<byte> hashes)
    {
        var count = BitOperations.PopCount(size);
        if (size > long.MaxValue || hashes.Length != count * Digest.SizeBytes)
            throw new ArgumentException("A compact range has 32 bytes for each bit set in its size.", nameof(hashes));
        var range = new CompactRange { Size = size, _count = count };
        for (var i = 0; i < count; i++)
            range._hashes[i] = Digest.Read(hashes[(i * Digest.SizeBytes)..]);
        return range;
    }

    /// <summary>Appends one leaf hash.</summary>
    /// <param name="leafHash">The hash of the leaf at index <see cref="Size"/>.</param>
    /// <param name="onTileHash">
    /// Called with tile level, index and hash for each hash that a tile stores (<see cref="Tiles"/>): the leaf itself, then each subtree
    /// of 256, 65,536, … leaves that it completes.
    /// </param>
    /// <exception cref="InvalidOperationException">The size would reach 2^63.</exception>
    public void Append(Digest leafHash, Action<int, ulong, Digest>? onTileHash = null) => Fold(0, leafHash, onTileHash);

    /// <summary>Whether a perfect subtree of 2^<paramref name="level"/> leaves may start at the current size.</summary>
    public bool CanAppendSubtree(int level) =>
        level is >= 0 and <= MaxLevel && (Size & ((1UL << level) - 1)) == 0 && Size + (1UL << level) <= long.MaxValue;

    /// <summary>Appends the hash of a perfect subtree of 2^<paramref name="level"/> leaves; level 0 is one leaf.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such subtree starts at the current size (<see cref="CanAppendSubtree"/>).</exception>
    /// <param name="level">The subtree's level.</param>
    /// <param name="hash">The subtree's hash.</param>
    /// <param name="onTileHash">As for one leaf; of what lies within the subtree nothing is told.</param>
    public void AppendSubtree(int level, Digest hash, Action<int, ulong, Digest>? onTileHash = null)
    {
        if (!CanAppendSubtree(level))
            throw new ArgumentOutOfRangeException(nameof(level), level, "No subtree of this level starts at the current size.");
        Fold(level, hash, onTileHash);
    }

    /// <summary>The root of the tree (RFC 6962 section 2.1); of no leaves that of the empty tree.</summary>
    public Digest Root()
    {
        if (_count == 0)
            return MerkleHash.EmptyRoot;
        var root = _hashes[_count - 1];
        for (var i = _count - 2; i >= 0; i--)
            root = MerkleHash.Node(_hashes[i], root);
        return root;
    }

    /// <summary>The hashes, concatenated; at most 63 × 32 bytes. The size is kept beside them.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[_count * Digest.SizeBytes];
        for (var i = 0; i < _count; i++)
            _hashes[i].Write(bytes.AsSpan(i * Digest.SizeBytes));
        return bytes;
    }

    /// <summary>A copy that changes on its own.</summary>
    public CompactRange Clone() => new() { Size = Size, _count = _count, _hashes = _hashes };

    private void Fold(int level, Digest hash, Action<int, ulong, Digest>? onTileHash)
    {
        if (Size + (1UL << level) > long.MaxValue)
            throw new InvalidOperationException("A tree has fewer than 2^63 leaves.");
        var size = Size + (1UL << level);
        if (level % Tiles.Height == 0)
            onTileHash?.Invoke(level / Tiles.Height, Size >> level, hash);
        for (; (Size >> level & 1) != 0; level++)
        {
            hash = MerkleHash.Node(_hashes[--_count], hash);
            if (onTileHash is not null && (level + 1) % Tiles.Height == 0)
                onTileHash((level + 1) / Tiles.Height, (size >> (level + 1)) - 1, hash);
        }
        _hashes[_count++] = hash;
        Size = size;
    }

    // Inline, so that a range is one object and a clone one copy.
    [InlineArray(MaxLevel + 1)]
    private struct Subtrees
    {
        private Digest _first;
    }
}
