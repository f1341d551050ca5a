using System.Text;

namespace Federation.Node.Tests.Sharing;

/// <summary>A rule as its author thinks of it.</summary>
internal sealed record RuleWords
{
    public string Name { get; init; } = "rule";

    public bool Denies { get; init; }

    public string[] Kinds { get; init; } = [];

    public string[] States { get; init; } = [];

    public string MinMarking { get; init; } = "";

    public string MaxMarking { get; init; } = "";

    public string[] Topics { get; init; } = [];

    public string[] WithoutTopics { get; init; } = [];

    /// <summary>A key of the language, and the least and the most; empty for none.</summary>
    public (string Key, string Min, string Max) Severity { get; init; } = ("", "", "");

    public string[] Origins { get; init; } = [];

    public string[] Languages { get; init; } = [];

    public string[] Availability { get; init; } = [];

    public string IssuedFrom { get; init; } = "";

    public string IssuedBefore { get; init; } = "";

    public string[] Onward { get; init; } = [];

    public string[] Actions { get; init; } = [];

    public string[] Attribution { get; init; } = [];

    public string[] Institutes { get; init; } = [];

    public string[] Groups { get; init; } = [];

    public string[] Withhold { get; init; } = [];

    public bool Shows { get; init; }

    public bool SharesEnvelope { get; init; }

    public EmbargoWords Embargo { get; init; } = EmbargoWords.None;

    public PartWords[] Parts { get; init; } = [];

    /// <summary>Takes out of a generated rule what the compiler refuses as contradictory.</summary>
    public RuleWords Sane() => this with
    {
        MaxMarking = Denies ? "" : MaxMarking,
        WithoutTopics = Topics.Length > 0 ? [.. WithoutTopics.Where(topic => topic == "loss-of-control" && !Topics.Contains(topic))] : WithoutTopics,
        Withhold = [.. Withhold.Where(MayOccur)],
        Shows = Shows && !Withhold.Contains("import_source"),
        Severity = Kinds.Length == 0 || Kinds.Any(kind => Severity.Key.StartsWith(kind, StringComparison.Ordinal)) ? Severity : ("", "", ""),
        Availability = Kinds.Length == 0 || Kinds.Contains("model") ? Availability : [],
        IssuedBefore = string.CompareOrdinal(IssuedFrom, IssuedBefore) < 0 ? IssuedBefore : "",
        Parts = [.. Parts.Where(part => MayOccur(part.Type) && !Withhold.Contains(part.Type)).DistinctBy(part => part.Type)],
    };

    public string ToYaml()
    {
        var text = new StringBuilder($"  - name: {Name}\n    {(Denies ? "deny" : "allow")}: {{{string.Join(", ", Conditions())}}}\n");
        if (Institutes.Length + Groups.Length > 0)
            text.Append($"    audience: {{{string.Join(", ", Lists(("institutes", Institutes), ("groups", Groups)))}}}\n");
        if (Denies)
            return text.ToString();
        if (Withhold.Length > 0)
            text.Append($"    withhold: [{string.Join(", ", Withhold)}]\n");
        if (Shows)
            text.Append("    show: [import_source]\n");
        if (SharesEnvelope)
            text.Append("    envelope: share\n");
        if (Embargo != EmbargoWords.None)
            text.Append($"    embargo: {Embargo.ToYaml()}\n");
        if (Parts.Length > 0)
            text.Append($"    parts: {{{string.Join(", ", Parts.Select(part => part.ToYaml()))}}}\n");
        return text.ToString();
    }

    private IEnumerable<string> Conditions()
    {
        var lists = Lists(
            ("kinds", Kinds),
            ("states", States),
            ("topics", Topics),
            ("without_topics", WithoutTopics),
            ("origins", Origins),
            ("languages", Languages),
            ("availability", Availability),
            ("onward", Onward),
            ("permitted_actions", Actions),
            ("attribution", Attribution));
        string[] severity = [.. Words(("min", Severity.Min), ("max", Severity.Max))];
        string[] issued = [.. Words(("from", IssuedFrom), ("before", IssuedBefore))];
        return
        [
            .. lists,
            .. Words(("min_marking", MinMarking), ("max_marking", MaxMarking)),
            .. severity.Length > 0 ? [$"{Severity.Key}: {{{string.Join(", ", severity)}}}"] : Array.Empty<string>(),
            .. issued.Length > 0 ? [$"issued: {{{string.Join(", ", issued)}}}"] : Array.Empty<string>(),
        ];
    }

    private bool MayOccur(string type) =>
        Kinds.Length == 0 || !type.Contains('_', StringComparison.Ordinal) || type == "import_source"
        || Kinds.Contains(type[..type.IndexOf('_', StringComparison.Ordinal)]);

    private static IEnumerable<string> Lists(params (string Key, string[] Values)[] lists) =>
        lists.Where(list => list.Values.Length > 0).Select(list => $"{list.Key}: [{string.Join(", ", list.Values)}]");

    private static IEnumerable<string> Words(params (string Key, string Value)[] words) =>
        words.Where(word => word.Value.Length > 0).Select(word => $"{word.Key}: {word.Value}");
}
