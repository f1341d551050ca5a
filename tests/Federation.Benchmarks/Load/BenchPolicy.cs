namespace Federation.Benchmarks.Load;

/// <summary>The policy of all benchmarks: a filter by topic under a ceiling.</summary>
internal static class BenchPolicy
{
    public const string SharedTopic = "bench.shared";

    public const string OtherTopic = "bench.other";

    public const string Text = $"""
        version: 1
        ceiling: AMBER
        rules:
          - name: shared
            allow:
              kinds: [incident, flaw, model]
              topics: [{SharedTopic}]
        """;
}
