namespace Federation.Node.Storage;

/// <summary>
/// Part types folded into 64 bits, for finding records that may have a part of a type: bit = field number modulo 64. Two types may share
/// a bit, so that what is found is looked at; the fold never changes, whatever types are added.
/// </summary>
internal static class TypeMask
{
    /// <summary>The mask of some part types.</summary>
    public static long Of(IEnumerable<int> types) => types.Aggregate(0L, (mask, type) => mask | (1L << (type & 63)));
}
