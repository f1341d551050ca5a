using Federation.Node.Sharing;
using Federation.Node.Storage;
using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Node.Ledger;

/// <summary>A stored record with its shape decoded and its facts for the sharing decision.</summary>
internal sealed class JudgedRecord
{
    private JudgedRecord(StoredRecord stored, RecordShape shape, RecordFacts facts)
    {
        Stored = stored;
        Shape = shape;
        Facts = facts;
    }

    /// <summary>The record as stored.</summary>
    public StoredRecord Stored { get; }

    /// <summary>Its shape.</summary>
    public RecordShape Shape { get; }

    /// <summary>What the sharing decision knows of it.</summary>
    public RecordFacts Facts { get; }

    /// <summary>
    /// Reads a record whose content is there; null if it is erased, removed or in quarantine, or a copy that takes no part in passing records on,
    /// and nobody may see it.
    /// </summary>
    public static JudgedRecord? From(StoredRecord stored)
    {
        if (stored.Status is not (RecordStatus.Live or RecordStatus.Draft) || (stored.Source != 0 && stored.Onward != OnwardState.Candidate))
            return null;
        var shape = RecordShape.Decode(stored.Shape);
        return new JudgedRecord(stored, shape, FactsOf(stored.Name, stored.Kind, stored.Source == 0, stored.Status == RecordStatus.Draft, shape));
    }

    /// <summary>
    /// What a partner holds of a record that this node lost, with what is known here of who may have it: the record's own audience and embargo
    /// as far as the node has them.
    /// </summary>
    public static JudgedRecord Held(StoredRecord stored, byte[] heldShape)
    {
        var shape = RecordShape.Decode(heldShape);
        if (stored.Shape.Length > 0)
        {
            var own = RecordShape.Decode(stored.Shape);
            shape = new RecordShape
            {
                ReleaseMs = own.ReleaseMs,
                Audience = own.Audience,
                Groups = own.Groups,
                Topics = shape.Topics,
                State = shape.State,
                Traits = shape.Traits,
                Parts = shape.Parts,
            };
        }

        return new JudgedRecord(stored, shape, FactsOf(stored.Name, stored.Kind, stored.Source == 0, draft: false, shape));
    }

    /// <summary>What the sharing decision knows of a record of a shape.</summary>
    public static RecordFacts FactsOf(RecordName name, int kind, bool own, bool draft, RecordShape shape)
    {
        var parts = new PartFacts[shape.Parts.Count - 1];
        for (var i = 0; i < parts.Length; i++)
        {
            var part = shape.Parts[i + 1];
            parts[i] = new PartFacts
            {
                Part = part.Part,
                Type = part.Type,
                Marking = (Marking)part.Marking,
                Onward = (Onward)part.Onward,
                ReleaseMs = part.ReleaseMs,
                Audience = part.Audience is { } institutes ? AudienceOf(institutes, part.Groups) : null,
                References = part.References,
            };
        }

        var traits = shape.Traits;
        return new RecordFacts
        {
            Origin = name.Origin,
            Id = name.Id,
            Kind = (RecordKind)kind,
            Marking = (Marking)shape.Parts[0].Marking,
            State = (RecordState)shape.State,
            Draft = draft,
            ReleaseMs = shape.ReleaseMs,
            Audience = AudienceOf(shape.Audience, shape.Groups),
            Topics = shape.Topics,
            Own = own,
            TraitsKnown = traits.Known,
            Severity = traits.Severity,
            Availability = traits.Availability,
            Language = traits.Language,
            IssuedMs = traits.IssuedMs,
            Onward = (Onward)shape.Parts[0].Onward,
            PermittedActions = (PermittedActions)traits.PermittedActions,
            Attribution = (Attribution)traits.Attribution,
            PublishedMs = traits.PublishedMs,
            Parts = parts,
        };
    }

    private static Audience AudienceOf(IReadOnlyList<InstituteId> institutes, IReadOnlyList<string> groups) =>
        institutes.Count == 0 && groups.Count == 0 ? Audience.Everyone : new Audience { Institutes = institutes, Groups = groups };
}
