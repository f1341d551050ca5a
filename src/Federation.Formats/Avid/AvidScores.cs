using System.Globalization;
using Federation.Formats.Drafting;
using Federation.Formats.Reading;
using Federation.V1.Records;

namespace Federation.Formats.Avid;

/// <summary>
/// Maps the metrics of a report. Four shapes occur: scorer, metric and value (Inspect); rows of detectors (garak); test scores of several
/// models (0DIN); and a name with features and detection method, without any value.
/// </summary>
internal sealed class AvidScores
{
    private const int SettingNameChars = 128;
    private const int SettingValueChars = 4096;
    private const int MaxSettings = 128;
    private readonly AvidEntry _entry;
    private readonly ScoreTables _tables;
    private readonly ResultSettings _settings = new();

    private AvidScores(AvidEntry entry)
    {
        _entry = entry;
        _tables = new ScoreTables(entry.Draft, entry.Relation());
    }

    internal static void Map(AvidEntry entry)
    {
        var scores = new AvidScores(entry);
        foreach (var metric in entry.Fields.Objects(entry.Root, "metrics"))
            scores.MapMetric(metric);
        scores._tables.Close();
        if (scores._settings.ScoringSettings.Count > 0)
            entry.Draft.Add("settings", "", new Part { ResultSettings = scores._settings });
    }

    private void MapMetric(SourceNode metric)
    {
        var fields = _entry.Fields;
        var name = fields.PeekText(metric, "name");
        AddSettings(name, metric, "detection_method");
        AddSettings(name, metric, "features");
        if (metric["value"] is not null)
            MapScored(metric);
        // Results of another shape have no mapping and stay among the unmapped fields.
        if (metric["results"] is not { Kind: System.Text.Json.JsonValueKind.Object } results)
            return;
        foreach (var row in fields.Objects(results, "rows"))
            MapDetector(name ?? "", row);
        foreach (var test in fields.Objects(results, "Test Scores"))
            MapTest(test);
    }

    /// <summary>Inspect: one value of one metric of one scorer.</summary>
    private void MapScored(SourceNode metric)
    {
        var scorer = _entry.Fields.PeekText(metric, "scorer") ?? "";
        var id = _entry.Fields.PeekText(metric, "metrics") ?? _entry.Fields.PeekText(metric, "name");
        if (_entry.Fields.PeekNumber(metric, "value") is not { } value || !IsMetricId(id, metric))
            return;
        var score = new MetricScore { MetricId = id };
        if (scorer.Length > 0)
            score.Note = $"scorer: {_entry.Draft.Cut(scorer, DraftLimits.NameChars, metric["scorer"])}";
        _tables.SetNumber(score, value, metric["value"]!);
        Carry(metric, "scorer", "metrics");
        _tables.Add(scorer, "", score);
    }

    /// <summary>garak: how many attempts one detector let pass, and the rate in percent.</summary>
    private void MapDetector(string name, SourceNode row)
    {
        var detector = _entry.Fields.PeekText(row, "detector");
        if (_entry.Fields.PeekNumber(row, "score") is not { } value || !IsMetricId(detector, row))
            return;
        var score = new MetricScore { MetricId = detector, TotalCount = SourceFields.Count(row, "total_evaluated") };
        if (row["passed"] is { Kind: System.Text.Json.JsonValueKind.Number } passed)
        {
            score.Note = $"passed: {passed.Text}";
            passed.Carry();
        }
        _tables.SetNumber(score, value, row["score"]!);
        Carry(row, "detector");
        _tables.Add(name, "", score);
    }

    /// <summary>0DIN: the score of one model in one test; it is written as text, and temperature belongs to the reading of it.</summary>
    private void MapTest(SourceNode test)
    {
        const string measure = "Test Score", temperature = "Temperature (max 2.0)", kind = "Test Kind";
        if (_entry.Fields.PeekText(test, "Model") is not { } model || _entry.Fields.PeekText(test, measure) is not { } text)
            return;
        if (model.Length > DraftLimits.NameChars - 8 || text.Length > ScoreTables.LevelChars)
        {
            _entry.Draft.Losses.Add(test, "not carried as a score: a value is too long");
            return;
        }
        var score = new MetricScore { MetricId = measure };
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            score.Number = number;
        else
            score.Level = text;
        string[] noted = [kind, temperature];
        var notes = noted.Select(name => (Name: name, Text: _entry.Fields.PeekText(test, name))).Where(note => note.Text is not null);
        score.Note = _entry.Draft.Cut(string.Join("; ", notes.Select(note => $"{note.Name}: {note.Text}")), ScoreTables.NoteChars, test);
        Carry(test, "Model", measure, kind, temperature);
        _tables.Add(model, $"model={model}", score);
    }

    private void AddSettings(string? metricName, SourceNode metric, string group)
    {
        foreach (var node in _entry.Fields.Object(metric, group)?.Members ?? [])
        {
            var name = metricName is null ? $"{group}.{node.Token}" : $"{metricName}: {group}.{node.Token}";
            if (node.IsContainer || node.IsEmpty || name.Length > SettingNameChars || node.Text.Length > SettingValueChars)
                continue;
            var setting = new NamedValue { Name = name, Value = node.Text };
            if (!_settings.ScoringSettings.Contains(setting))
            {
                if (!_entry.Draft.HasRoom(_settings.ScoringSettings.Count, MaxSettings, node))
                    continue;
                _settings.ScoringSettings.Add(setting);
            }
            node.Carry();
            metric["name"]?.Carry();
        }
    }

    private bool IsMetricId(string? id, SourceNode node)
    {
        if (id is { Length: <= ScoreTables.MetricIdChars })
            return true;
        _entry.Draft.Losses.Add(node, $"not carried as a score: the metric has no name of at most {ScoreTables.MetricIdChars} characters");
        return false;
    }

    private static void Carry(SourceNode owner, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            owner[name]?.Carry();
    }
}
