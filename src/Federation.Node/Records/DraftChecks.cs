using System.Text.RegularExpressions;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;

namespace Federation.Node.Records;

/// <summary>Checks what a publisher hands over, field by field, before anything is frozen.</summary>
internal static partial class DraftChecks
{
    private const int MaxAudience = 64;
    private const int MaxLabels = 32;

    /// <summary>Checks a draft; every fault names its field below the prefix.</summary>
    public static void Check(RecordDraft draft, string prefix, FieldFaults faults)
    {
        if (!RecordKinds.IsKnown(draft.Kind))
            faults.Add($"{prefix}kind", "a known kind is required");
        CheckEnvelope(draft.Envelope, $"{prefix}envelope", faults);
        CheckAudience(draft.Audience, $"{prefix}audience", faults);
        CheckTime(draft.EmbargoUntil, $"{prefix}embargo_until", faults);
        if (draft.Labels.Count > MaxLabels || draft.Labels.Any(l => l.Length > 64))
            faults.AddLimit($"{prefix}labels", $"at most {MaxLabels} of at most 64 characters");
        if (draft.RecordId.Length > 0 && !RecordId.TryParse(draft.RecordId, out _))
            faults.Add($"{prefix}record_id", "not a lower-case UUID");
        faults.CheckLength($"{prefix}change_summary", draft.ChangeSummary, 512);
        CheckProvenance(draft.Provenance, $"{prefix}provenance", faults);
        CheckParts(draft, prefix, faults);
    }

    private static void CheckEnvelope(Envelope? envelope, string field, FieldFaults faults)
    {
        if (envelope is null)
        {
            faults.Add(field, "required");
            return;
        }

        if (string.IsNullOrWhiteSpace(envelope.Title))
            faults.Add($"{field}.title", "required");
        faults.CheckLength($"{field}.title", envelope.Title, 512);
        if (envelope.Language.Length > 0 && !Language().IsMatch(envelope.Language))
            faults.Add($"{field}.language", "not a BCP 47 tag");
        CheckDate(envelope.Issued, $"{field}.issued", faults);
        CheckDate(envelope.RetainUntil, $"{field}.retain_until", faults);
        CheckDate(envelope.StateDay, $"{field}.state_day", faults);
        if (envelope.Marking is < Marking.Clear or > Marking.Red)
            faults.Add($"{field}.marking", "a TLP 2.0 marking is required");
        if (envelope.State is < RecordState.Unspecified or > RecordState.Superseded)
            faults.Add($"{field}.state", "not a known state");
        if (envelope.StateReason.Length > 0 && !Code().IsMatch(envelope.StateReason))
            faults.Add($"{field}.state_reason", "an upper-case code of at most 64 characters");
        if (envelope.Onward is < Onward.Unspecified or > Onward.Community)
            faults.Add($"{field}.onward", "not a known rule");
        if (envelope.MustUnderstand != 0)
            faults.Add($"{field}.must_understand", "this version knows no flags");
        if (envelope.Topics.Count > RecordLimits.MaxTopics)
            faults.AddLimit($"{field}.topics", $"at most {RecordLimits.MaxTopics}");
        for (var i = 0; i < envelope.Topics.Count; i++)
        {
            if (!Topic().IsMatch(envelope.Topics[i]))
                faults.Add($"{field}.topics[{i}]", "a topic is at most 64 of [a-z0-9.-]");
        }
    }

    private static void CheckParts(RecordDraft draft, string prefix, FieldFaults faults)
    {
        if (draft.Parts.Count > RecordLimits.MaxParts)
        {
            faults.AddLimit($"{prefix}parts", $"at most {RecordLimits.MaxParts}");
            return;
        }

        var bytes = draft.Envelope?.CalculateSize() ?? 0;
        var references = 0;
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < draft.Parts.Count; i++)
        {
            var field = $"{prefix}parts[{i}]";
            var part = draft.Parts[i];
            if (part.Key.Length > 0 && !keys.Add(part.Key))
                faults.Add($"{field}.key", "another part has the same key");
            CheckPart(part, draft.Kind, field, faults);
            if (part.Part is null)
                continue;
            bytes += part.Part.CalculateSize();
            references += CheckReferences(part.Part, $"{field}.part", faults);
        }

        if (bytes > RecordLimits.MaxRecordBytes)
            faults.AddLimit($"{prefix}parts", $"a record has at most {RecordLimits.MaxRecordBytes} bytes; this one has {bytes}");
        if (references > RecordLimits.MaxReferences)
            faults.AddLimit($"{prefix}parts", $"a record has at most {RecordLimits.MaxReferences} references; this one has {references}");
        if (draft.Kind == RecordKind.Annotation && draft.Parts.All(p => p.Part?.AnnotationTarget?.Target is null))
            faults.Add($"{prefix}parts", "an annotation needs a target");
    }

    private static void CheckPart(PartDraft draft, RecordKind kind, string field, FieldFaults faults)
    {
        faults.CheckLength($"{field}.key", draft.Key, 128);
        CheckAudience(draft.Audience, $"{field}.audience", faults);
        CheckTime(draft.EmbargoUntil, $"{field}.embargo_until", faults);
        var part = draft.Part;
        if (part is null || part.ContentCase == Part.ContentOneofCase.None)
        {
            faults.Add($"{field}.part", "a content that this version knows is required");
            return;
        }

        if (!PartTypes.MayOccurIn((int)part.ContentCase, kind))
            faults.Add($"{field}.part", $"{PartTypes.NameOf((int)part.ContentCase)} is no part of this kind");
        if (part.Marking is < Marking.Unspecified or > Marking.Red)
            faults.Add($"{field}.part.marking", "not a TLP 2.0 marking");
        if (part.Onward is < Onward.Unspecified or > Onward.Community)
            faults.Add($"{field}.part.onward", "not a known rule");
        if (part.MustUnderstand != 0)
            faults.Add($"{field}.part.must_understand", "this version knows no flags");
        if (part.Evidence.Count > 64)
            faults.AddLimit($"{field}.part.evidence", "at most 64");
        var bytes = part.CalculateSize();
        if (bytes > RecordLimits.MaxPartBytes)
            faults.AddLimit($"{field}.part", $"a part has at most {RecordLimits.MaxPartBytes} bytes; this one has {bytes}");
    }

    private static int CheckReferences(Part part, string field, FieldFaults faults)
    {
        var references = PartReferences.Find(part);
        foreach (var reference in references)
        {
            if (!InstituteId.TryParse(reference.Origin, out _) || !RecordId.TryParse(reference.RecordId, out _))
                faults.Add(field, $"the reference {reference.Origin}/{reference.RecordId} is not an institute id and a lower-case UUID");
        }

        return references.Count;
    }

    private static void CheckProvenance(ImportProvenance? provenance, string field, FieldFaults faults)
    {
        if (provenance is null)
            return;
        if (!Scheme().IsMatch(provenance.Scheme))
            faults.Add($"{field}.scheme", "1 to 32 of [a-z0-9-]");
        if (provenance.ExternalId.Length is 0 or > 256)
            faults.Add($"{field}.external_id", "1 to 256 characters");
        faults.CheckLength($"{field}.path_in_set", provenance.PathInSet, 512);
        if (provenance.RawDigest.Length != Digest.SizeBytes)
            faults.Add($"{field}.raw_digest", "32 bytes are required");
        if (provenance.LossNotes.Count > 64 || provenance.LossNotes.Any(n => n.Length > 256))
            faults.AddLimit($"{field}.loss_notes", "at most 64 of at most 256 characters");
    }

    private static void CheckAudience(RepeatedField<string> audience, string field, FieldFaults faults)
    {
        if (audience.Count > MaxAudience)
            faults.AddLimit(field, $"at most {MaxAudience}");
        for (var i = 0; i < audience.Count; i++)
        {
            if (!AudienceWords.IsValid(audience[i]))
                faults.Add($"{field}[{i}]", "an institute id is 2 to 16 of [a-z0-9-], a group is 'group:' and 2 to 32 of them");
        }
    }

    private static void CheckDate(PreciseDate? date, string field, FieldFaults faults)
    {
        if (date is not null && !PreciseDates.IsValid(date))
            faults.Add(field, "not a date of the precision it states");
    }

    // Valid timestamps from 1970 on: an embargo before that can only be a mistake.
    private static void CheckTime(Timestamp? time, string field, FieldFaults faults)
    {
        if (time is not null && time.Seconds is <= 0 or > 253402300799)
            faults.Add(field, "a moment between 1970 and 9999 is required");
    }

    [GeneratedRegex("^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,8}\\z")]
    private static partial Regex Language();

    [GeneratedRegex("^[A-Z][A-Z0-9_]{0,63}\\z")]
    private static partial Regex Code();

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{0,63}\\z")]
    private static partial Regex Topic();

    [GeneratedRegex("^[a-z0-9-]{1,32}\\z")]
    private static partial Regex Scheme();
}
