using Federation.Node.Sharing;
using Federation.Node.Storage;
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

    /// <summary>Reads a record whose content is there; null if it is erased, removed or in quarantine, and nobody may see it.</summary>
    public static JudgedRecord? From(StoredRecord stored)
    {
        if (stored.Status is not (RecordStatus.Live or RecordStatus.Draft) || stored.Source != 0)
            return null;
        var shape = RecordShape.Decode(stored.Shape);
        var parts = new PartFacts[shape.Parts.Count - 1];
        for (var i = 0; i < parts.Length; i++)
        {
            var part = shape.Parts[i + 1];
            parts[i] = new PartFacts
            {
                Part = part.Part,
                Type = part.Type,
                Marking = (Marking)part.Marking,
                ReleaseMs = part.ReleaseMs,
                Audience = part.Audience,
                References = part.References,
            };
        }

        var facts = new RecordFacts
        {
            Origin = stored.Name.Origin,
            Id = stored.Name.Id,
            Kind = (RecordKind)stored.Kind,
            Marking = (Marking)shape.Parts[0].Marking,
            State = (RecordState)shape.State,
            Draft = stored.Status == RecordStatus.Draft,
            ReleaseMs = shape.ReleaseMs,
            Audience = shape.Audience,
            Topics = shape.Topics,
            Parts = parts,
        };
        return new JudgedRecord(stored, shape, facts);
    }
}
