using Federation.Formats.Drafting;
using Federation.Formats.Reading;
using Federation.V1.Records;

namespace Federation.Formats.Avid;

/// <summary>One report or vulnerability, and what is mapped the same way whichever kind of record it becomes.</summary>
internal sealed record AvidEntry(SourceNode Root, SourceNode? Problem, string Id, bool IsReport, SourceFields Fields, DraftBuilder Draft)
{
    /// <summary>Title, language and date of the envelope, and the entry's own id as an alias.</summary>
    internal void MapEnvelope()
    {
        var headline = Fields.Object(Problem, "description");
        var title = Fields.Text(headline, "value");
        Draft.SetTitle(title ?? Id, headline?["value"]);
        MapLanguage(headline, Fields.Object(Root, "description"));
        MapIssued(IsReport ? "reported_date" : "published_date");
        Draft.Add("aliases", "", new Part { Aliases = new Aliases { Aliases_ = { new Alias { Scheme = AvidImporter.Format, ExternalId = Id } } } });
    }

    internal string Description() => Fields.Text(Fields.Object(Root, "description"), "value") ?? "";

    /// <summary>Both spellings occur, and null stands for none.</summary>
    internal IEnumerable<string> Credits()
    {
        foreach (var spelling in (string[])["credit", "credits"])
            foreach (var credit in Fields.Objects(Root, spelling))
                if (Fields.PeekText(credit, "value") is { } name)
                    yield return name;
    }

    /// <summary>A report by a third party says so in its class. The class itself is carried or left by the caller.</summary>
    internal SourceRelation Relation() =>
        Fields.PeekText(Problem, "classof") is "Third-party Report" ? SourceRelation.ThirdParty : SourceRelation.Unspecified;

    internal void MapReferences(Part part)
    {
        foreach (var reference in Fields.Objects(Root, "references"))
        {
            var evidence = new Evidence
            {
                Title = Fields.PeekText(reference, "label") ?? "",
                Url = Fields.PeekText(reference, "url") ?? "",
                Kind = KindOf(Fields.PeekText(reference, "type")),
            };
            if (evidence.Title.Length + evidence.Url.Length > 0)
                Draft.Evidence.Add(part, evidence, reference, reference["label"], reference["url"]);
        }
        foreach (var report in Fields.Objects(Root, "reports"))
        {
            var id = Fields.PeekText(report, "report_id");
            var name = Fields.PeekText(report, "name");
            if (id is null)
                continue;
            var evidence = new Evidence { Title = name is null ? id : $"{id}: {name}", Kind = EvidenceKind.Report };
            Draft.Evidence.Add(part, evidence, report, report["report_id"], report["name"]);
        }
    }

    private void MapLanguage(params ReadOnlySpan<SourceNode?> texts)
    {
        string? language = null;
        foreach (var text in texts)
        {
            if (Fields.PeekText(text, "lang") is not { } code || LanguageTag.Of(code) is not { } tag)
                continue;
            language ??= tag;
            if (tag == language)
                text!["lang"]!.Carry();
        }
        Draft.Envelope.Language = language ?? LanguageTag.Undetermined;
    }

    private void MapIssued(string name)
    {
        if (Fields.Text(Root, name) is not { } text)
            return;
        Draft.Envelope.Issued = SourceDates.Iso(text);
        if (Draft.Envelope.Issued is null)
            Fields.Fail($"/{name}", "the field is not a date");
    }

    private static EvidenceKind KindOf(string? type) => type switch
    {
        null => EvidenceKind.Unspecified,
        "source" or "documentation" or "report" => EvidenceKind.Report,
        "screenshot" => EvidenceKind.Media,
        "dataset" => EvidenceKind.DataFile,
        _ => EvidenceKind.Other,
    };
}
