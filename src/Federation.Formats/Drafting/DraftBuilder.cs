using Federation.Formats.Reading;
using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf;

namespace Federation.Formats.Drafting;

/// <summary>Puts one record draft together within the bounds of the record model, and closes it with its source part and provenance.</summary>
internal sealed class DraftBuilder
{
    /// <summary>Id, time, salt, commitment and length that the node adds to each part.</summary>
    private const int FramingBytes = 80;
    private readonly RecordKind _kind;
    private readonly ImportedFile _file;
    private readonly List<PartDraft> _parts = [];
    private readonly Dictionary<string, int> _lastOrdinals = new(StringComparer.Ordinal);

    internal DraftBuilder(RecordKind kind, ImportedFile file)
    {
        _kind = kind;
        _file = file;
        Evidence = new EvidenceList(Losses);
        Envelope = new Envelope { State = RecordState.Final, Marking = file.Handling.Marking, Topics = { file.Handling.Topics } };
    }

    internal Envelope Envelope { get; }

    internal LossNotes Losses { get; } = new();

    internal EvidenceList Evidence { get; }

    /// <summary>The text within the limit; a cut is noted.</summary>
    internal string Cut(string? text, int limit, SourceNode? node)
    {
        if (text is null || text.Length <= limit)
            return text ?? "";
        Losses.Add($"{node?.Pointer}: cut from {text.Length} to {limit} characters");
        return TextCut.Start(text, limit);
    }

    /// <summary>Whether a list that holds <paramref name="count"/> may grow; a full list is noted as a loss.</summary>
    internal bool HasRoom(int count, int limit, SourceNode node)
    {
        if (count < limit)
            return true;
        Losses.Add(node, $"not carried: the list it belongs to holds at most {limit}");
        return false;
    }

    internal void SetTitle(string text, SourceNode? node)
    {
        // A title is one line.
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Envelope.Title = Cut(line, DraftLimits.TitleChars, node);
    }

    /// <summary>Adds a part under a key made of its type and what it is about; a key that is taken gets an ordinal.</summary>
    internal void Add(string type, string about, Part part)
    {
        var key = PartKey.Of(type, about);
        var unique = key;
        while (!_lastOrdinals.TryAdd(unique, 1))
            unique = $"{key}#{++_lastOrdinals[key]}";
        _parts.Add(new PartDraft { Key = unique, Part = part });
    }

    internal RecordDraft Build(SourceNode root, ImportSource source, ImportProvenance provenance)
    {
        source.ExternalId = provenance.ExternalId;
        var room = DropWhatDoesNotFit();
        var unmapped = UnmappedFields.Collect(root, Losses, Math.Min(room, DraftLimits.UnmappedBytes));
        source.UnmappedFields.Add(unmapped);
        Add("source", "", new Part { ImportSource = source });
        provenance.PathInSet = _file.PathInSet;
        provenance.RawDigest = ByteString.CopyFrom(_file.Digest());
        provenance.LossNotes.Add(Losses.All());
        return new RecordDraft
        {
            Kind = _kind,
            Envelope = Envelope,
            Parts = { _parts },
            Audience = { _file.Handling.Audience },
            Provenance = provenance,
        };
    }

    /// <summary>Drops parts from the end until the record is within its bounds, and answers what is left for the source part.</summary>
    private int DropWhatDoesNotFit()
    {
        const int reserve = 8 * 1024;
        var used = SizeOf(Envelope);
        var kept = new List<PartDraft>();
        foreach (var part in _parts)
        {
            var size = SizeOf(part.Part);
            if (kept.Count < DraftLimits.Parts - 1 && size <= DraftLimits.PartBytes && used + size <= DraftLimits.RecordBytes - reserve)
            {
                kept.Add(part);
                used += size;
            }
            else
            {
                Losses.Add($"part '{part.Key}' was dropped: the record is full");
            }
        }
        _parts.Clear();
        _parts.AddRange(kept);
        return DraftLimits.RecordBytes - used;
    }

    private static int SizeOf(IMessage message) => message.CalculateSize() + FramingBytes;
}
