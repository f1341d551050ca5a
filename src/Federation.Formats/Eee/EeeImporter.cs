using System.Text.RegularExpressions;
using Federation.Formats.Drafting;
using Federation.Formats.Reading;
using Federation.V1.Node;
using Federation.V1.Records;

namespace Federation.Formats.Eee;

/// <summary>Imports results of Every Eval Ever, schema versions 0.2.x and 0.3.0. Instance-level logs are attachments and refused.</summary>
internal static partial class EeeImporter
{
    internal const string Format = "eee";
    private const uint MappingVersion = 1;
    private const string Version3 = "0.3.0";

    internal static ImportOutcome Import(SourceNode root, ImportedFile file)
    {
        var fields = new SourceFields();
        foreach (var name in (string[])["sample_id", "interaction_type", "answer_attribution"])
            if (root[name] is not null && root["evaluation_results"] is null)
                return ImportOutcome.Refused(new ImportFault($"/{name}", "an instance-level log is an attachment, not a record"));
        var version = Identify(root, fields);
        var id = fields.RequiredText(root, "evaluation_id");
        if (id.Length > DraftLimits.ExternalIdChars)
            fields.Fail("/evaluation_id", $"the id is longer than {DraftLimits.ExternalIdChars} characters");
        var entry = new EeeEntry(root, fields, new DraftBuilder(RecordKind.EvaluationResult, file));
        entry.Map();
        if (fields.Failed)
            return ImportOutcome.Refused(fields.Faults);
        // Ids repeat inside a set, so that the path is part of what the record is called in the source.
        var source = new ImportSource { Format = Format, FormatVersion = version, PathInSet = file.PathInSet };
        var provenance = new ImportProvenance { Scheme = Format, ExternalId = id, MappingVersion = MappingVersion };
        return ImportOutcome.Imported(entry.Draft.Build(root, source, provenance));
    }

    private static string Identify(SourceNode root, SourceFields fields)
    {
        var version = fields.RequiredText(root, "schema_version");
        if (version == Version3)
            RequireVersion3(root, fields);
        else if (version.Length > 0 && !Version2().IsMatch(version))
            fields.Fail("/schema_version", "the schema version is neither 0.2.x nor 0.3.0, which this mapping knows");
        return version;
    }

    /// <summary>What became required with 0.3.0 and isn't read as required anyway.</summary>
    private static void RequireVersion3(SourceNode root, SourceFields fields)
    {
        if (fields.RequiredObject(root, "eval_library") is { } library)
            foreach (var name in (string[])["name", "version"])
                fields.RequiredText(library, name);
        if (fields.RequiredObject(root, "source_metadata") is { } metadata)
            fields.RequiredText(metadata, "evaluator_relationship");
    }

    [GeneratedRegex(@"^0\.2\.[0-9]{1,3}\z")]
    private static partial Regex Version2();
}
