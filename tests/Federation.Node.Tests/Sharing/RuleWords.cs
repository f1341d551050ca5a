using System.Text;

namespace Federation.Node.Tests.Sharing;

/// <summary>A rule as its author thinks of it.</summary>
internal sealed record RuleWords
{
    public string Name { get; init; } = "rule";

    public bool Denies { get; init; }

    public string[] Kinds { get; init; } = [];

    public string MaxMarking { get; init; } = "";

    public string[] Topics { get; init; } = [];

    public string[] WithoutTopics { get; init; } = [];

    public string[] Withhold { get; init; } = [];

    public bool Shows { get; init; }

    public bool SharesEnvelope { get; init; }

    /// <summary>Takes out of a generated rule what the compiler refuses as contradictory.</summary>
    public RuleWords Sane() => this with
    {
        WithoutTopics = Topics.Length > 0 ? [.. WithoutTopics.Where(topic => topic == "loss-of-control" && !Topics.Contains(topic))] : WithoutTopics,
        Withhold = [.. Withhold.Where(type => Kinds.Length == 0 || !type.Contains('_', StringComparison.Ordinal) || type == "import_source"
            || Kinds.Contains(type[..type.IndexOf('_', StringComparison.Ordinal)]))],
        Shows = Shows && !Withhold.Contains("import_source"),
    };

    public string ToYaml()
    {
        var conditions = new List<string>();
        Add(conditions, "kinds", Kinds);
        if (MaxMarking.Length > 0 && !Denies)
            conditions.Add($"max_marking: {MaxMarking}");
        Add(conditions, "topics", Topics);
        Add(conditions, "without_topics", WithoutTopics);
        var text = new StringBuilder($"  - name: {Name}\n    {(Denies ? "deny" : "allow")}: {{{string.Join(", ", conditions)}}}\n");
        if (Denies)
            return text.ToString();
        if (Withhold.Length > 0)
            text.Append($"    withhold: [{string.Join(", ", Withhold)}]\n");
        if (Shows)
            text.Append("    show: [import_source]\n");
        if (SharesEnvelope)
            text.Append("    envelope: share\n");
        return text.ToString();
    }

    private static void Add(List<string> conditions, string key, string[] values)
    {
        if (values.Length > 0)
            conditions.Add($"{key}: [{string.Join(", ", values)}]");
    }
}
