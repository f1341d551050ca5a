using Federation.Node.Storage;
using Federation.Protocol.Statements;
using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf;

namespace Federation.Node.Records;

/// <summary>A stored record opened: its envelope, its parts as they were frozen, and its local handling.</summary>
internal sealed class StoredContent
{
    /// <summary>The shape.</summary>
    public required RecordShape Shape { get; init; }

    /// <summary>The envelope.</summary>
    public required Envelope Envelope { get; init; }

    /// <summary>The parts in the order of their ids, the envelope first.</summary>
    public required IReadOnlyList<FrozenPart> Parts { get; init; }

    /// <summary>Local handling; empty for a received record.</summary>
    public required StoredHandling Handling { get; init; }

    /// <summary>Opens a record whose content is there.</summary>
    public static StoredContent Open(StoredRecord record)
    {
        var shape = RecordShape.Decode(record.Shape);
        var (openingBytes, local) = BodyBox.Open(record.DataKey, record.Name, record.Version, record.Body);
        if (!Openings.TryDecode(openingBytes, out var openings, out var error))
            throw new StoreFaultException($"the openings of {record.Name.Origin}/{record.Name.Id} can't be read: {error}");
        var handling = StoredHandling.Parser.ParseFrom(local.Span);
        var stated = shape.Parts.Where(p => !p.Gone && !p.Unopened).ToList();
        var parts = new FrozenPart[openings.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            var own = i < handling.Parts.Count ? handling.Parts[i] : null;
            parts[i] = new FrozenPart(stated[i], openings[i].Salt, openings[i].Value, own?.Key ?? "", own is null ? [] : [.. own.UsedChangedMs]);
        }

        return new StoredContent { Shape = shape, Envelope = Envelope.Parser.ParseFrom(parts[0].Value.Span), Parts = parts, Handling = handling };
    }

    /// <summary>Encodes parts as they are sealed.</summary>
    public static byte[] EncodeOpenings(IEnumerable<FrozenPart> parts) =>
        Openings.Encode([.. parts.Select(p => new Opening(p.Shape.Part, p.Salt, p.Value))]);

    /// <summary>Encodes local handling as it is sealed.</summary>
    public static byte[] EncodeHandling(RecordDraft draft, IEnumerable<FrozenPart> parts)
    {
        var handling = new StoredHandling { Provenance = draft.Provenance };
        handling.Labels.AddRange(draft.Labels);
        foreach (var part in parts)
        {
            var own = new StoredPartHandling { PartId = part.Shape.Part, Key = part.Key };
            own.UsedChangedMs.AddRange(part.UsedMs);
            handling.Parts.Add(own);
        }

        return handling.ToByteArray();
    }
}
