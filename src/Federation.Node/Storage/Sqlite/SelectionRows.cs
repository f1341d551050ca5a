using System.Globalization;
using System.Text;
using Federation.Protocol.Records;

namespace Federation.Node.Storage.Sqlite;

/// <summary>
/// Finds the own records that a selection names, and the copies that may be passed on, by indexes alone where it can: kinds, markings and part
/// types lie in one index, topics and groups in one each. A record without these columns, as an older program wrote it, is always found.
/// </summary>
internal static class SelectionRows
{
    private const string Own = "(SELECT o.origin FROM record o INDEXED BY record_attr WHERE o.source = 0 LIMIT 1)";

    private const string OwnReferrers = $"""
         UNION SELECT r.rec, r.rid FROM found f CROSS JOIN link l ON l.origin = {Own} AND l.rid = f.rid CROSS JOIN record r ON r.rec = l.rec
         WHERE r.source = 0 OR r.onward > 0
        """;

    private const string CopyReferrers = """
         UNION SELECT r.rec, r.rid FROM found f CROSS JOIN record t ON t.rec = f.rec CROSS JOIN link l ON l.origin = t.origin AND l.rid = f.rid
         CROSS JOIN record r ON r.rec = l.rec WHERE r.source = 0 OR r.onward > 0
        """;

    /// <summary>Finds out whether any copy may be passed on.</summary>
    public const string AnyCopy = "SELECT 1 FROM record INDEXED BY record_onward WHERE onward > 0 AND kind >= 0 LIMIT 1";

    /// <summary>Reads what is asked for. Own records and copies are found by statements of their own, so that where there is no copy none is looked for.</summary>
    public static IReadOnlyList<SelectedRecord> Read(SqliteSession session, SelectionRequest request)
    {
        var own = ReadOf(session, request, copies: false);
        if (!request.WithCopies || session.Scalar(AnyCopy) is null)
            return own;
        // Of two with one id, which only intention brings about, the own record comes first.
        var all = own.Concat(ReadOf(session, request, copies: true)).DistinctBy(found => found.Rec).OrderBy(found => found.Id).ToList();
        return all.Count <= request.Limit ? all : all.GetRange(0, request.Limit);
    }

    private static List<SelectedRecord> ReadOf(SqliteSession session, SelectionRequest request, bool copies)
    {
        var everything = request.Selection.Clauses.Any(IsUntested) || (copies && request.Onward);
        List<string> sources = everything ? [] : [.. Sources(request, copies)];
        if (sources.Count == 0 && !everything)
            return [];
        using var rows = session.UseOnce(everything ? Everything(request, copies) : Found(request, sources, copies)).Bind(2, request.Limit);
        // Every id of 16 bytes follows the empty one.
        _ = request.After is { } after ? rows.Bind(1, after) : rows.Bind(1, (ReadOnlySpan<byte>)[]);
        var found = new List<SelectedRecord>();
        while (rows.Step())
            found.Add(new SelectedRecord(RecordId.Read(rows.Span(1)), rows.Int64(0)));
        return found;
    }

    private static string Everything(SelectionRequest request, bool copies)
    {
        if (!copies)
            return $"SELECT x.rec, x.rid FROM record x WHERE x.origin = {Own} AND x.source = 0 AND x.rid > ?1 {Held(request)} ORDER BY x.rid LIMIT ?2";
        const string all = "SELECT c.rec, c.rid FROM record c INDEXED BY record_onward WHERE c.onward > 0";
        return Found(request, [all], copies);
    }

    private static string Found(SelectionRequest request, List<string> sources, bool copies) => $"""
        WITH found(rec, rid) AS ({string.Join(" UNION ", sources)})
        SELECT x.rec, x.rid FROM (SELECT rec, rid FROM found{(request.WithReferrers ? copies ? CopyReferrers : OwnReferrers : "")}) x
        WHERE x.rid > ?1 {Held(request)} ORDER BY x.rid LIMIT ?2
        """;

    private static string Held(SelectionRequest request) => request.Held is not { } held
        ? ""
        : string.Create(
            CultureInfo.InvariantCulture,
            $"AND {(held ? "" : "NOT ")}EXISTS(SELECT 1 FROM disclosed d WHERE d.rec = x.rec AND d.p = {request.Partner} AND d.op = 1)");

    private static IEnumerable<string> Sources(SelectionRequest request, bool copies)
    {
        foreach (var clause in request.Selection.Clauses.Select(clause => Select(clause, copies)).Distinct(StringComparer.Ordinal))
            yield return clause;
        var kind = copies ? "r.onward > 0" : "r.source = 0";
        // The audience of a copy is its origin's affair.
        foreach (var group in copies ? [] : request.Selection.Groups)
            yield return $"SELECT r.rec, r.rid FROM record_audience a CROSS JOIN record r ON r.rec = a.rec WHERE a.grp = {Literal(group)}";
        if (request.ChangedAfterN is { } after)
            yield return string.Create(CultureInfo.InvariantCulture, $"SELECT r.rec, r.rid FROM record r INDEXED BY record_changed WHERE {kind} AND r.changed_n > {after}");
        if (request.Held is not null && !copies)
        {
            // What a partner holds of a record that this node lost may meet another selection than what the node has of it.
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"SELECT w.rec, w.rid FROM disclosed d INDEXED BY disclosed_stands CROSS JOIN record w ON w.rec = d.rec WHERE d.p = {request.Partner} AND d.stands_n > 0");
        }

        if (request.DueMs is not { } due || copies)
            yield break;
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT r.rec, r.rid FROM timer t CROSS JOIN record r ON r.rec = t.rec WHERE t.p = {request.Partner} AND t.at_ms <= {due}");
    }

    private static bool IsUntested(SelectionClause clause) =>
        clause is { Kinds.Count: 0, LowestMarking: 0, HighestMarking: int.MaxValue, AnyMarkingAbove: null, Types: 0, Topics.Count: 0 };

    // Every value that enters the text is a number or hexadecimal digits; texts are compared by their bytes.
    private static string Select(SelectionClause clause, bool copies)
    {
        var wanted = new StringBuilder();
        if (clause.Topics.Count > 0)
        {
            var topics = clause.Topics.Select(Topic).Distinct(StringComparer.Ordinal);
            wanted.Append(copies ? "SELECT r.rec, r.rid FROM record r WHERE r.onward > 0" : "SELECT r.rec, r.rid FROM record r WHERE r.source = 0");
            wanted.Append(CultureInfo.InvariantCulture, $" AND r.rec IN (SELECT t.rec FROM record_topic t WHERE {string.Join(" OR ", topics)})");
        }
        else
        {
            // Left to itself, SQLite reads whole records in the order that is wanted in the end.
            wanted.Append(copies
                ? "SELECT r.rec, r.rid FROM record r INDEXED BY record_onward WHERE r.onward > 0"
                : "SELECT r.rec, r.rid FROM record r INDEXED BY record_attr WHERE r.source = 0");
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
