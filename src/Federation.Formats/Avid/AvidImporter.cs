using System.Text.RegularExpressions;
using Federation.Formats.Drafting;
using Federation.Formats.Reading;
using Federation.V1.Node;
using Federation.V1.Records;

namespace Federation.Formats.Avid;

/// <summary>Imports reports and vulnerabilities of the AI Vulnerability Database, data versions 0.1 to 0.3.x.</summary>
internal static partial class AvidImporter
{
    internal const string Format = "avid";
    private const uint MappingVersion = 1;

    internal static ImportOutcome Import(SourceNode root, ImportedFile file)
    {
        var fields = new SourceFields();
        var version = Identify(root, fields);
        var id = ReadId(root, fields, out var isReport);
        var problem = fields.Object(root, "problemtype");
        var kind = isReport && IsMeasured(fields, problem) ? RecordKind.EvaluationResult : RecordKind.Flaw;
        var entry = new AvidEntry(root, problem, id, isReport, fields, new DraftBuilder(kind, file));
        if (kind is RecordKind.EvaluationResult)
            AvidResult.Map(entry);
        else
            AvidFlaw.Map(entry);
        if (fields.Failed)
            return ImportOutcome.Refused(fields.Faults);
        var source = new ImportSource { Format = Format, FormatVersion = version };
        var provenance = new ImportProvenance { Scheme = Format, ExternalId = id, MappingVersion = MappingVersion };
        return ImportOutcome.Imported(entry.Draft.Build(root, source, provenance));
    }

    private static string Identify(SourceNode root, SourceFields fields)
    {
        var type = fields.RequiredText(root, "data_type");
        if (type.Length > 0 && type != "AVID")
            fields.Fail("/data_type", "the data type is not AVID");
        var version = fields.RequiredText(root, "data_version");
        if (version.Length > 0 && !KnownVersion().IsMatch(version))
            fields.Fail("/data_version", "the data version is not one of 0.1 to 0.3.x, which this mapping knows");
        return version;
    }

    private static string ReadId(SourceNode root, SourceFields fields, out bool isReport)
    {
        var metadata = fields.RequiredObject(root, "metadata");
        isReport = metadata?["vuln_id"] is not { IsEmpty: false } || metadata["report_id"] is { IsEmpty: false };
        var name = isReport ? "report_id" : "vuln_id";
        var id = fields.RequiredText(metadata, name);
        if (id.Length > DraftLimits.ExternalIdChars)
            fields.Fail($"/metadata/{name}", $"the id is longer than {DraftLimits.ExternalIdChars} characters");
        return id;
    }

    /// <summary>A measurement, or an evaluation of a language model, is a result; everything else is a flaw.</summary>
    private static bool IsMeasured(SourceFields fields, SourceNode? problem) =>
        fields.PeekText(problem, "type") is "Measurement" || fields.PeekText(problem, "classof") is "LLM Evaluation";

    [GeneratedRegex(@"^0\.[1-3](\.[0-9]{1,3})?\z")]
    private static partial Regex KnownVersion();
}
