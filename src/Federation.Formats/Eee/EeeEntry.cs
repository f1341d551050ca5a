using System.Text.Json;
using Federation.Formats.Drafting;
using Federation.Formats.Reading;
using Federation.V1.Records;

namespace Federation.Formats.Eee;

/// <summary>One file of Every Eval Ever: one model, one source, and a list of results.</summary>
internal sealed record EeeEntry(SourceNode Root, SourceFields Fields, DraftBuilder Draft)
{
    private const int PlatformChars = 512;
    private const int LogNameChars = 512;
    private const int DigestChars = 128;

    internal void Map()
    {
        var model = Fields.RequiredObject(Root, "model_info");
        var metadata = Fields.Object(Root, "source_metadata");
        MapSubject(model);
        MapEnvelope(model, metadata);
        var relation = MapRun(metadata);
        new EeeScores(this, relation).Map();
        EeeSettings.Map(this, model);
        MapLog(Fields.Object(Root, "detailed_evaluation_results"));
    }

    private void MapSubject(SourceNode? model)
    {
        // The id is the name that other sources share; the name is for people and goes to the title.
        var id = Fields.Text(model, "id") ?? Fields.PeekText(model, "name");
        if (id is null)
        {
            if (model is not null && !Fields.Failed)
                Fields.Fail("/model_info/id", "the field is missing or empty, and so is the name");
            return;
        }
        var subject = new SubjectReference { Name = Draft.Cut(id, DraftLimits.NameChars, model!["id"]) };
        var platform = Draft.Cut(Fields.Text(model, "inference_platform"), PlatformChars, model["inference_platform"]);
        Draft.Add("subject", "", new Part { ResultSubject = new ResultSubject { Subject = subject, Platform = platform } });
    }

    private void MapEnvelope(SourceNode? model, SourceNode? metadata)
    {
        var name = Fields.Text(model, "name") ?? Fields.PeekText(model, "id") ?? "";
        var source = Fields.PeekText(metadata, "source_name");
        Draft.SetTitle(source is null ? name : $"{name}: {source}", model?["name"]);
        Draft.Envelope.Language = LanguageTag.Undetermined;
        Draft.Envelope.Issued = Time("retrieved_timestamp");
    }

    private SourceRelation MapRun(SourceNode? metadata)
    {
        var relationship = Fields.PeekText(metadata, "evaluator_relationship");
        var relation = relationship switch
        {
            "first_party" => SourceRelation.FirstParty,
            "third_party" => SourceRelation.ThirdParty,
            "collaborative" => SourceRelation.Collaborative,
            "other" => SourceRelation.Other,
            _ => SourceRelation.Unspecified,
        };
        if (relation is not SourceRelation.Unspecified)
            metadata!["evaluator_relationship"]!.Carry();
        var organisation = Fields.Text(metadata, "source_organization_name");
        var run = new ResultRun
        {
            EvaluationName = Draft.Cut(Fields.Text(metadata, "source_name"), DraftLimits.NameChars, metadata?["source_name"]),
            Evaluator = Draft.Cut(organisation, DraftLimits.NameChars, metadata?["source_organization_name"]),
            Relationship = relation is SourceRelation.Unspecified ? "" : relationship,
            Started = Time("evaluation_timestamp"),
        };
        var part = new Part { SourceRelation = relation, ResultRun = run };
        if (Fields.PeekText(metadata, "source_organization_url") is { } url)
        {
            var node = metadata!["source_organization_url"]!;
            Draft.Evidence.Add(part, new Evidence { Title = run.Evaluator, Url = url }, node, node);
        }
        Draft.Add("run", "", part);
        return relation;
    }

    /// <summary>Seconds since 1970 as text, or ISO 8601. What the model can't hold, such as a fraction of a second, stays unmapped.</summary>
    private PreciseDate? Time(string name)
    {
        if (Fields.PeekText(Root, name) is not { } text)
            return null;
        var date = SourceDates.EpochSeconds(text) ?? SourceDates.Iso(text);
        if (date is null)
            Draft.Losses.Add(Root[name]!, "not carried: neither seconds since 1970 nor a date");
        else if (!text.Contains('.', StringComparison.Ordinal))
            Root[name]!.Carry();
        return date;
    }

    private void MapLog(SourceNode? log)
    {
        if (Fields.PeekText(log, "file_path") is not { } path)
            return;
        if (path.Length > LogNameChars)
        {
            Draft.Losses.Add(log!["file_path"]!, "the log is not carried: its path is too long");
            return;
        }
        var part = new ResultLog { Name = path };
        log!["file_path"]!.Carry();
        if (Fields.PeekText(log, "format") is "jsonl")
        {
            part.MediaType = "application/jsonl";
            log["format"]!.Carry();
        }
        if (Fields.PeekText(log, "checksum") is { Length: <= DigestChars } digest && Fields.PeekText(log, "hash_algorithm") is { } algorithm
            && algorithm is "sha256" or "md5" && digest.All(char.IsAsciiHexDigit))
        {
            part.Digest = new ArtifactDigest { Algorithm = algorithm, ValueHex = digest.ToLowerInvariant() };
            log["checksum"]!.Carry();
            log["hash_algorithm"]!.Carry();
        }
        if (log["total_rows"] is { Kind: JsonValueKind.Number })
            Draft.Losses.Add(log["total_rows"]!, "a log has no place for its number of rows");
        Draft.Add("log", "", new Part { ResultLog = part });
    }
}
