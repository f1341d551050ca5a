namespace Federation.Protocol.Statements;

/// <summary>Checks openings against the commitments of a statement.</summary>
public static class StatementCheck
{
    /// <summary>
    /// Whether every opening belongs to a listed part and matches its commitment; with <paramref name="requireAll"/> also whether
    /// every listed part is opened. Both lists ascend by part, so one pass compares them.
    /// </summary>
    /// <param name="statement">The statement whose commitments are opened.</param>
    /// <param name="openings">The openings, as <see cref="Openings"/> decodes them.</param>
    /// <param name="error">A sentence on the first part that fails; empty otherwise.</param>
    /// <param name="requireAll">False for a forwarded view, of which parts may be left out.</param>
    public static bool TryOpen(Statement statement, List<Opening> openings, out string error, bool requireAll = true)
    {
        var parts = statement.PartSpan;
        if (requireAll && openings.Count != parts.Length)
            return Refuse($"The statement lists {parts.Length} parts and {openings.Count} are opened.", out error);
        var next = 0;
        foreach (var opening in openings)
        {
            while (next < parts.Length && parts[next].Part < opening.Part)
                next++;
            if (next == parts.Length || parts[next].Part != opening.Part)
                return Refuse($"Part {opening.Part:x16} is opened and not in the statement.", out error);
            ref readonly var part = ref parts[next];
            var commitment = PartCommitment.Compute(
                statement.Origin, statement.Record, part.Part, part.ChangedMs, opening.Salt, opening.Value.Span);
            if (commitment != part.Commitment)
                return Refuse($"The opening of part {opening.Part:x16} does not match its commitment.", out error);
            next++;
        }
        error = "";
        return true;
    }

    private static bool Refuse(string reason, out string error)
    {
        error = reason;
        return false;
    }
}
