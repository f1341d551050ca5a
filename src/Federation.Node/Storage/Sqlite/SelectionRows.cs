using System.Globalization;
using System.Text;

namespace Federation.Node.Storage.Sqlite;

/// <summary>
/// Finds the own records that a selection names, by indexes alone where it can: kinds, markings and part types lie in one index, topics and
/// groups in one each. A record without these columns, as an older program wrote it, is always found.
/// </summary>
internal static class SelectionRows
{
    private const string Referrers = """
         UNION SELECT l.rec FROM found f JOIN record t ON t.rec = f.rec JOIN link l ON l.origin = t.origin AND l.rid = t.rid
         JOIN record r ON r.rec = l.rec WHERE r.source = 0
        """;

    /// <summary>Reads what is asked for.</summary>
    public static IReadOnlyList<long> Read(SqliteSession session, SelectionRequest request)
    {
        if (request.Selection.IsEmpty)
            return [];
        using var rows = session.UseOnce(Sql(request)).Bind(1, request.After).Bind(2, request.Limit);
        var recs = new List<long>();
        while (rows.Step())
            recs.Add(rows.Int64(0));
        return recs;
    }

    private static string Sql(SelectionRequest request)
    {
        var selection = request.Selection;
        var found = string.Join(" UNION ", [.. selection.Clauses.Select(Select), .. selection.Groups.Select(SelectGroup)]);
        var held = request.Partner == 0
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"AND {(request.Held ? "" : "NOT ")}EXISTS(SELECT 1 FROM disclosed d WHERE d.rec = x.rec AND d.p = {request.Partner} AND d.op = 1)");
        return $"""
            WITH found(rec) AS ({found})
            SELECT x.rec FROM (SELECT rec FROM found{(request.WithReferrers ? Referrers : "")}) x WHERE x.rec > ?1 {held} ORDER BY x.rec LIMIT ?2
            """;
    }

    // Every value that enters the text is a number or hexadecimal digits; texts are compared by their bytes.
    private static string Select(SelectionClause clause)
    {
        var wanted = new StringBuilder();
        if (clause.Topics.Count > 0)
        {
            var topics = clause.Topics.Select(Topic).Distinct(StringComparer.Ordinal);
            wanted.Append("SELECT r.rec FROM record r WHERE r.source = 0");
            wanted.Append(CultureInfo.InvariantCulture, $" AND r.rec IN (SELECT t.rec FROM record_topic t WHERE {string.Join(" OR ", topics)})");
        }
        else
        {
            // Left to itself, SQLite reads whole records in the order that is wanted in the end.
            wanted.Append("SELECT r.rec FROM record r INDEXED BY record_attr WHERE r.source = 0");
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

    private static string SelectGroup(string group) => $"SELECT a.rec FROM record_audience a WHERE a.grp = {Literal(group)}";

    private static string Literal(string text) => $"CAST(x'{Convert.ToHexString(Encoding.UTF8.GetBytes(text))}' AS TEXT)";
}
