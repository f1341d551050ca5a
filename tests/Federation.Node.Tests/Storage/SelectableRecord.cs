using Federation.Node.Storage;

namespace Federation.Node.Tests.Storage;

/// <summary>A record with the columns that selections ask about, and what a selection says of it by the words of its documentation.</summary>
internal sealed record SelectableRecord
{
    private static readonly string[] TopicCodes = ["cbrn", "cbrn.bio", "cbrn.bio.x", "cbrn-bio", "cbrn/bio", "cyber", "it's", "c"];
    private static readonly string[] GroupNames = ["allies", "club", "nobody's"];

    public required int Number { get; init; }

    public required int Kind { get; init; }

    public required int Marking { get; init; }

    public required int Highest { get; init; }

    public required long Types { get; init; }

    public required IReadOnlyList<string> Topics { get; init; }

    public required IReadOnlyList<string> Groups { get; init; }

    public required IReadOnlyList<int> References { get; init; }

    public static IReadOnlyList<string> AllGroups => GroupNames;

    public static SelectableRecord Any(Random random, int number, int count)
    {
        var marking = random.Next(1, 6);
        return new SelectableRecord
        {
            Number = number,
            Kind = random.Next(1, 5),
            Marking = marking,
            Highest = random.Next(marking, 6),
            Types = TypeMask.Of(Some(random, [10, 11, 12, 74, 63])),
            Topics = Some(random, TopicCodes),
            Groups = random.Next(3) == 0 ? Some(random, GroupNames) : [],
            References = random.Next(3) == 0 ? [random.Next(1, count + 1)] : [],
        };
    }

    public static RecordSelection AnySelection(Random random) => new(
        [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => AnyClause(random))],
        random.Next(3) == 0 ? Some(random, GroupNames) : []);

    public RecordWrite ToWrite(int expectedVersion = 0) => new()
    {
        Name = StoreRecords.Name(Number),
        ExpectedVersion = expectedVersion,
        Kind = Kind,
        Schema = 1,
        Status = RecordStatus.Live,
        NowMs = StoreRecords.NowMs,
        Attributes = new RecordAttributes
        {
            Marking = Marking,
            HighestMarking = Highest,
            Types = Types,
            State = 1,
            Severity = null,
            Availability = null,
            Language = "en",
            Title = $"record {Number}",
            IssuedMs = null,
            Topics = Topics,
        },
        Shape = StoreRecords.Shape($"record {Number}").Encode(),
        Body = StoreRecords.BodyOf($"record {Number}"),
        DataKey = StoreRecords.KeyOf($"data {Number}"),
        SaltKey = StoreRecords.KeyOf($"salt {Number}"),
        References = [.. References.Select(StoreRecords.Name)],
        Groups = Groups,
        Note = new RevisionNote(expectedVersion + 1, "writer", StoreRecords.NowMs, ""),
    };

    public bool Meets(RecordSelection selection) => selection.Clauses.Any(Meets) || selection.Groups.Any(Groups.Contains);

    private static SelectionClause AnyClause(Random random)
    {
        var topics = random.Next(2) == 0 ? Some(random, [.. TopicCodes, "none"]) : [];
        return new SelectionClause
        {
            Kinds = random.Next(2) == 0 ? Some(random, [1, 2, 3, 4, 9]) : [],
            LowestMarking = random.Next(2) == 0 ? random.Next(1, 6) : 0,
            HighestMarking = random.Next(2) == 0 ? random.Next(1, 6) : int.MaxValue,
            AnyMarkingAbove = random.Next(3) == 0 ? random.Next(0, 6) : null,
            Types = random.Next(3) == 0 ? TypeMask.Of(Some(random, [10, 12, 20, 63])) : 0,
            Topics = [.. topics.Select(topic => (topic, random.Next(2) == 0))],
        };
    }

    private bool Meets(SelectionClause clause) =>
        (clause.Kinds.Count == 0 || clause.Kinds.Contains(Kind))
        && Marking >= clause.LowestMarking && Marking <= clause.HighestMarking
        && (clause.AnyMarkingAbove is not { } above || Highest > above)
        && (clause.Types == 0 || (clause.Types & Types) != 0)
        && (clause.Topics.Count == 0 || clause.Topics.Any(topic => Topics.Any(own => IsOrIsBelow(own, topic))));

    private static bool IsOrIsBelow(string own, (string Code, bool Below) topic) =>
        own == topic.Code || (topic.Below && own.StartsWith($"{topic.Code}.", StringComparison.Ordinal));

    private static T[] Some<T>(Random random, T[] all) => [.. all.Where(_ => random.Next(3) == 0)];
}
