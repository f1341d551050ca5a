namespace Federation.Benchmarks.Load;

/// <summary>The policies between which B6 changes: half of the spread records are shared.</summary>
internal static class SpreadPolicy
{
    /// <summary>Five of ten topics are shared.</summary>
    public const string Wide = $"""
        version: 1
        ceiling: AMBER+STRICT
        {Five}
        """;

    /// <summary>One kind and topic less.</summary>
    public const string WithoutSlice = $"""
        version: 1
        ceiling: AMBER+STRICT
        {Four}
        """;

    /// <summary>The ceiling one marking lower: one record in ten is above it.</summary>
    public const string Lower = $"""
        version: 1
        ceiling: AMBER
        {Five}
        """;

    /// <summary>The ceiling below every record.</summary>
    public const string Lowest = $"""
        version: 1
        ceiling: CLEAR
        {Five}
        """;

    private const string Four = """
        rules:
          - name: shared
            allow:
              kinds: [incident, flaw, model]
              topics: [bench.t0, bench.t1, bench.t2, bench.t3]
        """;

    private const string Five = $"""
        {Four}
          - name: slice
            allow:
              kinds: [incident]
              topics: [bench.t4]
        """;
}
