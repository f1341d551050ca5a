using System.Globalization;
using System.Text.RegularExpressions;
using Federation.Formats.Drafting;
using Federation.Formats.Reading;
using Federation.V1.Node;
using Federation.V1.Records;

namespace Federation.Formats.Osv;

/// <summary>Imports advisories in the Open Source Vulnerability format, schema versions 1.x.</summary>
internal static partial class OsvImporter
{
    internal const string Format = "osv";
    private const uint MappingVersion = 1;
    private const string FirstVersion = "1.0.0";
    private const int DescriptionChars = 16384;

    internal static ImportOutcome Import(SourceNode root, ImportedFile file)
    {
        var fields = new SourceFields();
        // The schema says that a missing version means 1.0.0.
        var version = fields.Text(root, "schema_version") ?? FirstVersion;
        if (!KnownVersion().IsMatch(version))
            fields.Fail("/schema_version", "the schema version is not 1.x, which this mapping knows");
        var id = fields.RequiredText(root, "id");
        if (id.Length > DraftLimits.ExternalIdChars)
            fields.Fail("/id", $"the id is longer than {DraftLimits.ExternalIdChars} characters");
        var draft = new DraftBuilder(RecordKind.Flaw, file);
        MapEnvelope(root, id, fields, draft);
        OsvNames.Map(root, id, fields, draft);
        MapSummary(root, fields, draft);
        OsvAffected.Map(root, fields, draft);
        OsvCodes.Map(root, fields, draft);
        if (fields.Failed)
            return ImportOutcome.Refused(fields.Faults);
        var source = new ImportSource { Format = Format, FormatVersion = version };
        var provenance = new ImportProvenance { Scheme = Format, ExternalId = id, MappingVersion = MappingVersion };
        return ImportOutcome.Imported(draft.Build(root, source, provenance));
    }

    private static void MapEnvelope(SourceNode root, string id, SourceFields fields, DraftBuilder draft)
    {
        draft.SetTitle(fields.Text(root, "summary") ?? id, root["summary"]);
        draft.Envelope.Language = LanguageTag.Undetermined;
        draft.Envelope.Issued = DateOf(root, "published", fields, draft) ?? YearOf(id, draft);
        if (fields.PeekText(root, "withdrawn") is null)
            return;
        draft.Envelope.State = RecordState.Withdrawn;
        draft.Envelope.StateReason = "WITHDRAWN_BY_SOURCE";
        if (DateOf(root, "withdrawn", fields, draft) is { } withdrawn)
            draft.Envelope.StateDay = SourceDates.DayOf(withdrawn);
    }

    /// <summary>Databases that don't keep the date write the year 1, which says nothing and stays unmapped.</summary>
    private static PreciseDate? DateOf(SourceNode root, string name, SourceFields fields, DraftBuilder draft)
    {
        if (fields.PeekText(root, name) is not { } text)
            return null;
        var node = root[name]!;
        if (SourceDates.Iso(text) is { } date)
        {
            if (!text.Contains('.', StringComparison.Ordinal) && name != "withdrawn")
                node.Carry();
            return date;
        }
        if (text.StartsWith('0'))
            draft.Losses.Add(node, "not carried: the date lies before the year 1000");
        else
            fields.Fail(node.Pointer, "the field is not a date and time");
        return null;
    }

    /// <summary>Ids such as GO-2024-2442 hold the year in which they were given.</summary>
    private static PreciseDate? YearOf(string id, DraftBuilder draft)
    {
        if (IdWithYear().Match(id) is not { Success: true } match)
            return null;
        draft.Losses.Add("/published: no date; the year of issue is estimated from the id");
        var year = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        return new PreciseDate { Year = year, Precision = DatePrecision.Year, Estimated = true };
    }

    private static void MapSummary(SourceNode root, SourceFields fields, DraftBuilder draft)
    {
        var description = draft.Cut(fields.Text(root, "details"), DescriptionChars, root["details"]);
        var part = new Part { FlawSummary = new FlawSummary { Type = FlawType.Advisory, Description = description } };
        foreach (var reference in fields.Objects(root, "references"))
        {
            var evidence = new Evidence { Url = fields.PeekText(reference, "url") ?? "", Kind = KindOf(fields.PeekText(reference, "type")) };
            if (evidence.Url.Length > 0)
                draft.Evidence.Add(part, evidence, reference, reference["url"]);
        }
        draft.Add("summary", "", part);
    }

    private static EvidenceKind KindOf(string? type) => type switch
    {
        "ADVISORY" or "REPORT" => EvidenceKind.Report,
        "ARTICLE" => EvidenceKind.News,
        "DISCUSSION" => EvidenceKind.Statement,
        "FIX" or "INTRODUCED" or "GIT" or "PACKAGE" or "DETECTION" => EvidenceKind.Code,
        null => EvidenceKind.Unspecified,
        _ => EvidenceKind.Other,
    };

    [GeneratedRegex(@"^1\.[0-9]{1,3}(\.[0-9]{1,3})?\z")]
    private static partial Regex KnownVersion();

    [GeneratedRegex("^[A-Z]+-([12][0-9]{3})-")]
    private static partial Regex IdWithYear();
}
