using Federation.Protocol.Records;

namespace Federation.Protocol.Merkle;

/// <summary>Opens a perfect subtree that is known by its hash alone at one of its leaves.</summary>
public static class SubtreeSplit
{
    /// <summary>
    /// Splits the subtree into the leaf and the siblings on its way up, from left to right as (first leaf, level, hash); null if the path does
    /// not lead from the leaf to the subtree's hash. Never throws, whatever the path.
    /// </summary>
    /// <param name="first">The subtree's first leaf.</param>
    /// <param name="level">The subtree covers 2^level leaves.</param>
    /// <param name="hash">The subtree's hash.</param>
    /// <param name="index">The leaf, within the subtree.</param>
    /// <param name="leafHash">The leaf's hash.</param>
    /// <param name="path">The audit path from the leaf's sibling up (RFC 6962 section 2.1.1); what lies above the subtree is not looked at.</param>
    public static List<(ulong First, int Level, Digest Hash)>? Open(
        ulong first, int level, Digest hash, ulong index, Digest leafHash, IReadOnlyList<Digest> path)
    {
        if (path.Count < level || index < first || index - first >> level != 0)
            return null;
        var left = new List<(ulong, int, Digest)>();
        var right = new List<(ulong, int, Digest)>();
        var node = leafHash;
        for (var height = 0; height < level; height++)
        {
            var sibling = ((index >> height) ^ 1) << height;
            if ((index >> height & 1) == 1)
            {
                left.Add((sibling, height, path[height]));
                node = MerkleHash.Node(path[height], node);
            }
            else
            {
                right.Add((sibling, height, path[height]));
                node = MerkleHash.Node(node, path[height]);
            }
        }

        if (node != hash)
            return null;
        // Siblings to the left grow towards the left, those to the right towards the right.
        left.Reverse();
        return [.. left, (index, 0, leafHash), .. right];
    }
}
