using Federation.Protocol.Records;
using Federation.Simulation.World;
using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>What one world of a pair hides, and how: every text, key, label, name and id in it is a marker.</summary>
internal sealed class HiddenSide(Rng rng, HiddenMarkers markers)
{
    private static readonly string[] s_others = ["quebec-inst", "romeo-inst"];
    private readonly Dictionary<RecordId, List<PartDraft>> _parts = [];
    private readonly HashSet<string> _hiddenValues = new(StringComparer.Ordinal);
    private readonly HashSet<RecordId> _hiddenRecords = [];
    private ulong _count;

    /// <summary>Ids of hidden records that may be revised or erased.</summary>
    public IReadOnlyCollection<RecordId> HiddenRecords => _hiddenRecords;

    /// <summary>What is visible of a record, together with what this world hides in it.</summary>
    public RecordDraft Dress(RecordId record, RecordDraft visible)
    {
        if (!_parts.TryGetValue(record, out var hidden))
            _parts.Add(record, hidden = []);
        var draft = visible.Clone();
        foreach (var part in visible.Parts)
            markers.Add(part.Key, "a part's key");
        // Behind the visible ones, so that those draw the same ids whatever their number.
        draft.Parts.AddRange(hidden.Select(static part => part.Clone()));
        draft.Labels.AddRange(Enumerable.Range(0, rng.Below(3)).Select(_ => Marker("a label")));
        draft.ChangeSummary = Marker("a summary of a change");
        if (draft.Audience.Count == 0 && rng.Chance(0.4))
            draft.Audience.AddRange([PairedScenario.Observed, .. s_others.Where(_ => rng.Chance(0.5))]);
        if (draft.EmbargoUntil is null && rng.Chance(0.3))
            draft.EmbargoUntil = Timestamp.FromDateTimeOffset(SimWorld.Origin.AddDays(-1 - rng.Below(100)));
        return draft;
    }

    /// <summary>Changes what is hidden in a visible record.</summary>
    public void EditParts(RecordId record, RecordKind kind)
    {
        if (!_parts.TryGetValue(record, out var hidden))
            _parts.Add(record, hidden = []);
        if (hidden.Count > 0 && rng.Chance(0.3))
            hidden.RemoveAt(rng.Below(hidden.Count));
        for (var count = 1 + rng.Below(3); count > 0; count--)
        {
            var part = HiddenPart(kind);
            if (hidden.Count > 0 && rng.Chance(0.5))
            {
                var index = rng.Below(hidden.Count);
                part.Key = hidden[index].Key;
                hidden[index] = part;
            }
            else
            {
                hidden.Add(part);
            }
        }
    }

    /// <summary>A record that the observed partner may not see under any policy of the script.</summary>
    public RecordDraft NewRecord()
    {
        var id = new RecordId(new UInt128(rng.Next(), rng.Next()));
        markers.Add(id, "a hidden id");
        _hiddenRecords.Add(id);
        var draft = new RecordDraft
        {
            RecordId = id.ToString(),
            Kind = rng.Chance(0.7) ? RecordKind.Incident : RecordKind.Practice,
            Envelope = new Envelope { Title = Marker("a hidden title"), Language = "en", State = RecordState.Interim, Marking = Marking.Green },
        };
        Fill(draft);
        Hide(draft);
        return draft;
    }

    public RecordDraft Revised(RecordDraft before)
    {
        var draft = before.Clone();
        draft.RecordId = "";
        draft.Envelope.Title = Marker("a hidden title");
        draft.ChangeSummary = Marker("a summary of a change");
        draft.Parts.Clear();
        Fill(draft);
        return draft;
    }

    public void Forget(RecordId record) => _hiddenRecords.Remove(record);

    /// <summary>A name that nobody outside may read.</summary>
    public string Marker(string what)
    {
        var text = $"zz{rng.Next():x16}{++_count:x4}";
        markers.Add(text, what);
        return text;
    }

    /// <summary>Whether the value of a stored part is one that this world hides.</summary>
    public bool Hides(RecordId record, ReadOnlyMemory<byte> value) =>
        _hiddenRecords.Contains(record) || _hiddenValues.Contains(Convert.ToHexString(value.Span));

    private void Fill(RecordDraft draft)
    {
        if (draft.Kind == RecordKind.Incident)
            draft.Parts.Add(Draft(new Part { IncidentSummary = new IncidentSummary { Description = Text("a hidden summary") } }));
        else
            draft.Parts.Add(Draft(new Part { PracticeStatement = new PracticeStatement { Topic = Marker("a topic"), Text = Text("a practice") } }));
        for (var more = rng.Below(4); more > 0; more--)
            draft.Parts.Add(HiddenPart(draft.Kind));
    }

    private void Hide(RecordDraft draft)
    {
        switch (rng.Below(6))
        {
            case 0:
                draft.Draft = true;
                break;
            case 1:
                draft.Envelope.Marking = Marking.Red;
                draft.Audience.AddRange(s_others.Where(_ => rng.Chance(0.7)));
                break;
            case 2:
                draft.Audience.Add(rng.Pick(s_others));
                break;
            case 3:
                draft.EmbargoUntil = Timestamp.FromDateTimeOffset(SimWorld.Origin.AddDays(3));
                break;
            case 4:
                draft.Envelope.Topics.Add(PolicyText.ClosedTopic);
                break;
            default:
                draft.Envelope.Marking = Marking.AmberStrict;
                break;
        }
    }

    private PartDraft HiddenPart(RecordKind kind)
    {
        if (kind != RecordKind.Incident)
            return Draft(new Part { Link = HiddenLink() });
        var harm = new Part { IncidentHarm = new IncidentHarm { Statement = Text("a hidden harm") } };
        switch (rng.Below(7))
        {
            case 0:
                return Draft(new Part { IncidentReporterContact = new IncidentReporterContact { Relationship = Text("a contact") } });
            case 1:
                return Draft(new Part { IncidentReproduction = new IncidentReproduction { Prerequisites = Text("steps") } });
            case 2:
                harm.Marking = rng.Chance(0.5) ? Marking.Red : Marking.AmberStrict;
                return Draft(harm);
            case 3:
                return Draft(harm, part => part.Audience.Add(rng.Pick(s_others)));
            case 4:
                return Draft(harm, static part => part.EmbargoUntil = Timestamp.FromDateTimeOffset(SimWorld.Origin.AddDays(2)));
            default:
                return Draft(new Part { Link = HiddenLink() });
        }
    }

    /// <summary>To a hidden record, an absent one, or one of somebody else.</summary>
    private Link HiddenLink()
    {
        var target = _hiddenRecords.Count > 0 && rng.Chance(0.5)
            ? _hiddenRecords.ElementAt(rng.Below(_hiddenRecords.Count))
            : new RecordId(new UInt128(rng.Next(), rng.Next()));
        markers.Add(target, "a hidden id");
        var origin = rng.Chance(0.7) ? PairedScenario.Origin : "foreign-inst";
        return new Link { Type = LinkType.DuplicateOf, Target = new RecordReference { Origin = origin, RecordId = target.ToString() } };
    }

    private PartDraft Draft(Part content, Action<PartDraft>? more = null)
    {
        var part = new PartDraft { Key = Marker("a part's key"), Part = content };
        more?.Invoke(part);
        _hiddenValues.Add(Convert.ToHexString(content.ToByteArray()));
        return part;
    }

    private string Text(string what) => Marker(what).PadRight(20 + rng.Below(rng.Chance(0.05) ? 30_000 : 150), 'h');
}
