using Federation.Protocol.Records;

namespace Federation.Protocol.Merkle;

/// <summary>
/// Builds the proof that one leaf is in a tree out of the pieces of which a follower holds the tree: hashes of leaves and of perfect subtrees,
/// given in order. Only what the proof needs is kept. One owner at a time.
/// </summary>
public sealed class InclusionBuilder
{
    private readonly ulong _index;
    private readonly ulong _size;
    private readonly SortedList<ulong, (int Level, CompactRange Range)> _needed = [];

    /// <summary>Begins the proof of a leaf.</summary>
    /// <param name="index">The leaf's index, below the size.</param>
    /// <param name="size">The number of leaves of the tree.</param>
    public InclusionBuilder(ulong index, ulong size)
    {
        _index = index;
        _size = size;
        InclusionProof.Build(index, size, (level, at) =>
        {
            _needed[at << level] = (level, new CompactRange());
            return default;
        });
    }

    /// <summary>Takes the next piece: 2^level leaves from a sequence number on. The leaf itself may stand alone only.</summary>
    public void Add(ulong seq, int level, Digest hash)
    {
        var at = Find(seq);
        if (at >= 0 && _needed.Values[at].Range.CanAppendSubtree(level) && _needed.Keys[at] + _needed.Values[at].Range.Size == seq)
            _needed.Values[at].Range.AppendSubtree(level, hash);
    }

    /// <summary>The proof; null if pieces are missing.</summary>
    public List<Digest>? Build()
    {
        if (_needed.Values.Any(subtree => subtree.Range.Size != 1UL << subtree.Level))
            return null;
        return InclusionProof.Build(_index, _size, (level, at) => _needed[at << level].Range.Root());
    }

    // The needed subtree in which the leaf at a sequence number lies; below 0 if in none.
    private int Find(ulong seq)
    {
        for (var i = _needed.Count - 1; i >= 0; i--)
        {
            if (_needed.Keys[i] <= seq)
                return seq - _needed.Keys[i] < 1UL << _needed.Values[i].Level ? i : -1;
        }

        return -1;
    }
}
