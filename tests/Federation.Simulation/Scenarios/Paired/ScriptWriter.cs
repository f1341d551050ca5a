using Federation.Protocol.Records;
using Federation.Simulation.World;
using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf.WellKnownTypes;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>Writes the visible script: what the observed partner comes to see, except while an audience or an embargo hides it in both worlds.</summary>
internal sealed class ScriptWriter(Rng rng, PairedOptions options)
{
    private static readonly string[] s_topics = ["cyber", "bio", "persuasion"];
    private readonly List<(RecordId Id, RecordDraft Draft)> _alive = [];
    private readonly List<ScriptStep> _steps = [];
    private int _texts;

    public List<ScriptStep> Write(TimeSpan length)
    {
        var at = rng.Between(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2));
        Add(at, ScriptOperation.AddPartner, default, null);
        Add(at, ScriptOperation.ApplyPolicy, default, null);
        var mean = options.Long
            ? rng.Between(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(200))
            : rng.Between(TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(5));
        while (true)
        {
            at += rng.Between(TimeSpan.FromMilliseconds(5), mean * 2);
            if (at > length)
                return _steps;
            for (var burst = rng.Chance(0.2) ? 4 + rng.Below(16) : 0; burst > 0; burst--)
                Publish(at);
            Step(at);
        }
    }

    private void Step(TimeSpan at)
    {
        var draw = rng.Below(20);
        if (draw < 2)
            Add(at, ScriptOperation.ApplyPolicy, default, null);
        else if (draw < 7 || _alive.Count == 0)
            Publish(at);
        else if (draw < 17)
            Revise(at, rng.Below(_alive.Count));
        else
            End(at, rng.Below(_alive.Count), draw == 19);
    }

    private void Publish(TimeSpan at)
    {
        var id = new RecordId(new UInt128(rng.Next(), rng.Next()));
        var draft = new RecordDraft
        {
            Kind = rng.Chance(0.75) ? RecordKind.Incident : RecordKind.Practice,
            Envelope = new Envelope { Title = Text("title"), Language = "en", State = RecordState.Interim, Marking = Mark() },
        };
        draft.Envelope.Topics.AddRange(s_topics.Where(_ => rng.Chance(0.3)));
        if (rng.Chance(0.2))
            draft.Envelope.Onward = Onward.Community;
        if (draft.Kind == RecordKind.Incident)
            AddFirst(draft, id, new Part { IncidentSummary = new IncidentSummary { Description = Text("summary") } });
        else
            AddFirst(draft, id, new Part { PracticeStatement = new PracticeStatement { Topic = Text("topic"), Text = Text("text") } });
        Change(draft, id, at);
        if (rng.Chance(0.15))
            draft.EmbargoUntil = Embargo(at);
        Add(at, ScriptOperation.Publish, id, draft.Clone());
        _alive.Add((id, draft));
    }

    /// <summary>The part that is always there, and visible whenever its record is: a record left with its envelope alone is another case.</summary>
    private static void AddFirst(RecordDraft draft, RecordId id, Part content) => draft.Parts.Add(new PartDraft { Key = $"key {id} first", Part = content });

    private void Revise(TimeSpan at, int index)
    {
        var (id, draft) = _alive[index];
        for (var changes = 1 + rng.Below(2); changes > 0; changes--)
            Change(draft, id, at);
        Add(at, ScriptOperation.Revise, id, draft.Clone());
    }

    private void End(TimeSpan at, int index, bool erases)
    {
        var (id, _) = _alive[index];
        _alive.RemoveAt(index);
        _steps.Add(new ScriptStep(at, erases ? ScriptOperation.Erase : ScriptOperation.Withdraw, id, null, _steps.Count, rng.Chance(0.5)));
    }

    private void Change(RecordDraft draft, RecordId id, TimeSpan at)
    {
        switch (rng.Below(8))
        {
            case 0:
                draft.Envelope.Title = Text("title");
                break;
            case 1:
                draft.Envelope.Marking = Mark();
                break;
            case 2:
                draft.Audience.Clear();
                if (rng.Chance(0.4))
                    draft.Audience.Add("nobody-inst");
                break;
            case 3 or 4 when draft.Kind == RecordKind.Incident:
                Put(draft, $"key {id} harm{rng.Below(3)}", new Part { IncidentHarm = new IncidentHarm { Statement = Text("harm") } }, at);
                break;
            case 5 when _alive.Count > 0:
                var target = new RecordReference { Origin = PairedScenario.Origin, RecordId = rng.Pick(_alive).Id.ToString() };
                Put(draft, $"key {id} link", new Part { Link = new Link { Type = LinkType.DuplicateOf, Target = target } }, at);
                break;
            case 6 when draft.Parts.Count > 1:
                draft.Parts.RemoveAt(1 + rng.Below(draft.Parts.Count - 1));
                break;
            case 7 when draft.Kind == RecordKind.Incident:
                draft.Parts[0].Part.IncidentSummary.Description = Text("summary");
                break;
        }
    }

    private void Put(RecordDraft draft, string key, Part content, TimeSpan at)
    {
        if (rng.Chance(0.3))
            content.Marking = Mark();
        var part = new PartDraft { Key = key, Part = content, EmbargoUntil = rng.Chance(0.15) ? Embargo(at) : null };
        var index = draft.Parts.ToList().FindIndex(old => old.Key == key);
        if (index < 0)
            draft.Parts.Add(part);
        else
            draft.Parts[index] = part;
    }

    /// <summary>
    /// Off the tick, unless that is what is to be tried: whether an embargo that ends exactly at a tick is found over there depends on whether
    /// the discloser is awake for another reason.
    /// </summary>
    private Timestamp Embargo(TimeSpan at)
    {
        var end = SimWorld.Origin + at + TimeSpan.FromSeconds(1 + rng.Below(15));
        end = new DateTimeOffset(end.Ticks - (end.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        return Timestamp.FromDateTimeOffset(options.WholeSeconds ? end : end.AddMilliseconds((ArrivalSlots.TickMs * rng.Below(50)) + 14));
    }

    private Marking Mark() => (Marking)(1 + rng.Below(3));

    private string Text(string what)
    {
        var length = what is not ("title" or "topic") && rng.Chance(0.05) ? 20_000 : 90;
        return $"{what} {++_texts} ".PadRight(12 + rng.Below(length), (char)('a' + rng.Below(26)));
    }

    private void Add(TimeSpan at, ScriptOperation operation, RecordId record, RecordDraft? draft) =>
        _steps.Add(new ScriptStep(at, operation, record, draft, _steps.Count));
}
