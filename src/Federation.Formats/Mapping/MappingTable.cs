using Federation.Formats.Avid;
using Federation.Formats.Eee;
using Federation.Formats.Osv;
using Federation.V1.Records;

namespace Federation.Formats.Mapping;

/// <summary>The mappings as tables: for each format and kind, what becomes of each field. The tests hold the importers to it.</summary>
public static class MappingTable
{
    /// <summary>The rows of a mapping in order of precedence; empty if the format is never mapped to that kind.</summary>
    public static IReadOnlyList<MappingRow> Rows(string format, RecordKind kind) => (format, kind) switch
    {
        (AvidImporter.Format, RecordKind.Flaw) => AvidFlawRows.All,
        (AvidImporter.Format, RecordKind.EvaluationResult) => AvidResultRows.All,
        (EeeImporter.Format, RecordKind.EvaluationResult) => EeeRows.All,
        (OsvImporter.Format, RecordKind.Flaw) => OsvRows.All,
        _ => [],
    };

    /// <summary>The row that says what becomes of a field, given as a JSON Pointer; null if the mapping doesn't know it.</summary>
    public static MappingRow? Find(string format, RecordKind kind, string path)
    {
        var segments = path.Split('/');
        return Rows(format, kind).FirstOrDefault(row => row.Matches(segments));
    }
}
