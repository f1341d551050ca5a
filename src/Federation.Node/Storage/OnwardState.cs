namespace Federation.Node.Storage;

/// <summary>Whether a received copy takes part in passing records on; the numbers are part of the schema.</summary>
internal enum OnwardState
{
    /// <summary>An own record, a copy that its origin never let anybody pass on, or one that was itself passed on.</summary>
    None = 0,

    /// <summary>A copy that came from its origin with a signed statement, now or once: it is judged for each partner, as own records are.</summary>
    Candidate = 1,

    /// <summary>Such a copy that its origin erased.</summary>
    Erased = 2,
}
