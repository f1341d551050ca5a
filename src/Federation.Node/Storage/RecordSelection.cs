namespace Federation.Node.Storage;

/// <summary>
/// Own records that may meet one of several clauses: at least those that do, and few others. It finds where a change of policy can matter
/// without looking at every record.
/// </summary>
/// <param name="Clauses">The clauses; none selects nothing, unless groups are named.</param>
/// <param name="Groups">Records whose audience, or that of one of their parts, names one of these groups are selected too.</param>
internal sealed record RecordSelection(IReadOnlyList<SelectionClause> Clauses, IReadOnlyList<string> Groups)
{
    /// <summary>Every own record.</summary>
    public static RecordSelection Everything { get; } = new([new SelectionClause()], []);

    /// <summary>Whether nothing is selected.</summary>
    public bool IsEmpty => Clauses.Count == 0 && Groups.Count == 0;
}
