namespace Federation.Protocol.Statements;

/// <summary>
/// Finds what can't be true of two statements about one record (R4). A commitment is a function of the value, its time of change and a secret
/// of the record, the same for every partner; comparing takes no content.
/// </summary>
public static class StatementContradiction
{
    /// <summary>The first part that both list with one time of change and different commitments; null if there is none, or the records are others.</summary>
    public static ContradictedPart? Find(Statement first, Statement second) =>
        first.Origin == second.Origin && first.Record == second.Record ? Find(first.PartSpan, second.PartSpan) : null;

    /// <summary>The same for the parts of one record, each list in ascending order.</summary>
    public static ContradictedPart? Find(ReadOnlySpan<StatementPart> first, ReadOnlySpan<StatementPart> second)
    {
        for (int i = 0, k = 0; i < first.Length && k < second.Length;)
        {
            var (one, other) = (first[i], second[k]);
            if (one.Part == other.Part && one.ChangedMs == other.ChangedMs && one.Commitment != other.Commitment)
                return new ContradictedPart(one.Part, one.ChangedMs, one.Commitment, other.Commitment);
            if (one.Part <= other.Part)
                i++;
            if (other.Part <= one.Part)
                k++;
        }

        return null;
    }
}
