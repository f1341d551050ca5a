using Federation.Protocol.Records;

namespace Federation.Protocol.Merkle;

/// <summary>
/// Folds hashes of adjacent perfect subtrees and tells of each perfect subtree that they complete. It may begin anywhere that is aligned
/// for what it is given. Not safe for concurrent use; one owner at a time.
/// </summary>
/// <param name="start">The leaf index at which the first subtree begins.</param>
/// <param name="onSubtree">Called with level, index and hash of each subtree, those that are given included.</param>
public sealed class SubtreeFold(ulong start, Action<int, ulong, Digest> onSubtree)
{
    private readonly Stack<(int Level, Digest Hash)> _open = [];

    /// <summary>The leaf index behind what was appended.</summary>
    public ulong Position { get; private set; } = start;

    /// <summary>Appends a perfect subtree of 2^<paramref name="level"/> leaves; level 0 is one leaf.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such subtree begins at the position.</exception>
    public void Append(int level, Digest hash)
    {
        if (level is < 0 or > CompactRange.MaxLevel || (Position & ((1UL << level) - 1)) != 0 || Position + (1UL << level) > long.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(level), level, "No subtree of this level begins at the position.");
        onSubtree(level, Position >> level, hash);
        Position += 1UL << level;
        // A neighbour on the left of the same level is its sibling only if the pair is aligned.
        while (_open.TryPeek(out var left) && left.Level == level && ((Position >> level) & 1) == 0)
        {
            _open.Pop();
            hash = MerkleHash.Node(left.Hash, hash);
            level++;
            onSubtree(level, (Position >> level) - 1, hash);
        }
        _open.Push((level, hash));
    }
}
