using System.Globalization;
using System.Text;
using Federation.Protocol.Records;

namespace Federation.Node.Storage.Sqlite;

/// <summary>
/// Finds the own records that a selection names, by indexes alone where it can: kinds, markings and part types lie in one index, topics and
/// groups in one each. A record without these columns, as an older program wrote it, is always found.
/// </summary>
internal static class SelectionRows
{
    private const string Own = "(SELECT o.origin FROM record o INDEXED BY record_attr WHERE o.source = 0 LIMIT 1)";

    private const string Referrers = $"""
         UNION SELECT r.rec, r.rid FROM found f CROSS JOIN link l ON l.origin = {Own} AND l.rid = f.rid CROSS JOIN record r ON r.rec = l.rec WHERE r.source = 0
        """;

    /// <summary>Reads what is asked for.</summary>
    public static IReadOnlyList<SelectedRecord> Read(SqliteSession session, SelectionRequest request)
    {
        List<string> sources = request.Selection.Clauses.Any(IsUntested) ? [] : [.. Sources(request)];
        if (sources.Count == 0 && request.Selection.Clauses.Count == 0)
            return [];
        using var rows = session.UseOnce(sources.Count == 0 ? Everything(request) : Found(request, sources)).Bind(2, request.Limit);
        // Every id of 16 bytes follows the empty one.
        _ = request.After is { } after ? rows.Bind(1, after) : rows.Bind(1, (ReadOnlySpan<byte>)[]);
        var found = new List<SelectedRecord>();
        while (rows.Step())
            found.Add(new SelectedRecord(RecordId.Read(rows.Span(1)), rows.Int64(0)));
        return found;
    }

    private static string Everything(SelectionRequest request) =>
        $"SELECT x.rec, x.rid FROM record x WHERE x.origin = {Own} AND x.source = 0 AND x.rid > ?1 {Held(request)} ORDER BY x.rid LIMIT ?2";

    private static string Found(SelectionRequest request, List<string> sources) => $"""
        WITH found(rec, rid) AS ({string.Join(" UNION ", sources)})
        SELECT x.rec, x.rid FROM (SELECT rec, rid FROM found{(request.WithReferrers ? Referrers : "")}) x
        WHERE x.rid > ?1 {Held(request)} ORDER BY x.rid LIMIT ?2
        """;

    private static string Held(SelectionRequest request) => request.Held is not { } held
        ? ""
        : string.Create(
            CultureInfo.InvariantCulture,
            $"AND {(held ? "" : "NOT ")}EXISTS(SELECT 1 FROM disclosed d WHERE d.rec = x.rec AND d.p = {request.Partner} AND d.op = 1)");

    private static IEnumerable<string> Sources(SelectionRequest request)
    {
        foreach (var clause in request.Selection.Clauses.Select(Select).Distinct(StringComparer.Ordinal))
            yield return clause;
        foreach (var group in request.Selection.Groups)
            yield return $"SELECT r.rec, r.rid FROM record_audience a CROSS JOIN record r ON r.rec = a.rec WHERE a.grp = {Literal(group)}";
        if (request.ChangedAfterN is { } after)
            yield return string.Create(CultureInfo.InvariantCulture, $"SELECT r.rec, r.rid FROM record r INDEXED BY record_changed WHERE r.source = 0 AND r.changed_n > {after}");
        if (request.Held is not null)
        {
            // What a partner holds of a record that this node lost may meet another selection than what the node has of it.
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"SELECT w.rec, w.rid FROM disclosed d INDEXED BY disclosed_stands CROSS JOIN record w ON w.rec = d.rec WHERE d.p = {request.Partner} AND d.stands_n > 0");
        }

        if (request.DueMs is not { } due)
            yield break;
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT r.rec, r.rid FROM timer t CROSS JOIN record r ON r.rec = t.rec WHERE t.p = {request.Partner} AND t.at_ms <= {due}");
    }

    private static bool IsUntested(SelectionClause clause) =>
        clause is { Kinds.Count: 0, LowestMarking: 0, HighestMarking: int.MaxValue, AnyMarkingAbove: null, Types: 0, Topics.Count: 0 };

    // Every value that enters the text is a number or hexadecimal digits; texts are compared by their bytes.
    private static string Select(SelectionClause clause)
    {
        var wanted = new StringBuilder();
        if (clause.Topics.Count > 0)
        {
            var topics = clause.Topics.Select(Topic).Distinct(StringComparer.Ordinal);
            wanted.Append("SELECT r.rec, r.rid FROM record r WHERE r.source = 0");
            wanted.Append(CultureInfo.InvariantCulture, $" AND r.rec IN (SELECT t.rec FROM record_topic t WHERE {string.Join(" OR ", topics)})");
        }
        else
        {
            // Left to itself, SQLite reads whole records in the order that is wanted in the end.
            wanted.Append("SELECT r.rec, r.rid FROM record r INDEXED BY record_attr WHERE r.source = 0");
        }

        if (clause.Kinds.Count > 0)
            wanted.Append(CultureInfo.InvariantCulture, $" AND (r.kind IN ({string.Join(',', clause.Kinds)}))");
        if (clause.LowestMarking > 0 || clause.HighestMarking < int.MaxValue)
            wanted.Append(CultureInfo.InvariantCulture, $" AND (r.tlp IS NULL OR r.tlp BETWEEN {clause.LowestMarking} AND {clause.HighestMarking})");
        if (clause.AnyMarkingAbove is { } above)
            wanted.Append(CultureInfo.InvariantCulture, $" AND (r.highest_tlp IS NULL OR r.highest_tlp > {above})");
        if (clause.Types != 0)
            wanted.Append(CultureInfo.InvariantCulture, $" AND (r.types IS NULL OR (r.types & {clause.Types}) <> 0)");
        return wanted.ToString();
    }

    private static string Topic((string Code, bool Below) topic)
    {
        var code = Literal(topic.Code);
        // "cbrn/" follows every "cbrn.…" and nothing else does between.
        return topic.Below ? $"t.topic = {code} OR (t.topic > {Literal(topic.Code + ".")} AND t.topic < {Literal(topic.Code + "/")})" : $"t.topic = {code}";
    }

    private static string Literal(string text) => $"CAST(x'{Convert.ToHexString(Encoding.UTF8.GetBytes(text))}' AS TEXT)";
}
