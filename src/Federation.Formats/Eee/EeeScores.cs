using System.Text.Json;
using Federation.Formats.Drafting;
using Federation.Formats.Reading;
using Federation.V1.Records;

namespace Federation.Formats.Eee;

/// <summary>Maps the list of results to score tables, one an evaluation name, with the data source of each as evidence.</summary>
internal sealed class EeeScores(EeeEntry entry, SourceRelation relation)
{
    /// <summary>The id of a metric that has none: versions before 0.3.0 name only the evaluation.</summary>
    internal const string UnnamedMetric = "score";
    private readonly ScoreTables _tables = new(entry.Draft, relation);

    internal void Map()
    {
        if (entry.Root["evaluation_results"] is not { Kind: not JsonValueKind.Null })
            entry.Fields.Fail("/evaluation_results", "the field is missing");
        foreach (var result in entry.Fields.Objects(entry.Root, "evaluation_results"))
            MapResult(result);
        _tables.Close();
    }

    private void MapResult(SourceNode result)
    {
        var name = entry.Fields.RequiredText(result, "evaluation_name");
        var metric = entry.Fields.Object(result, "metric_config");
        var details = entry.Fields.RequiredObject(result, "score_details");
        if (details is null)
            return;
        var value = entry.Fields.PeekNumber(details, "score");
        if (value is null)
        {
            if (details["score"] is null or { Kind: JsonValueKind.Null })
                entry.Fields.Fail($"{details.Pointer}/score", "the field is missing");
            return;
        }
        var score = new MetricScore { MetricId = MetricId(metric) };
        SetValue(score, value.Value, details["score"]!, metric);
        score.Note = entry.Draft.Cut(entry.Fields.Text(metric, "evaluation_description"), ScoreTables.NoteChars, metric?["evaluation_description"]);
        EeeUncertainty.Map(entry, score, value.Value, entry.Fields.Object(details, "uncertainty"));
        var source = entry.Fields.Object(result, "source_data");
        score.TotalCount = SourceFields.Count(source, "samples_number");
        var part = _tables.Add(name, entry.Draft.Cut(name, DraftLimits.NameChars, result["evaluation_name"]), score);
        MapSource(part, source);
    }

    private string MetricId(SourceNode? metric)
    {
        foreach (var name in (string[])["metric_id", "metric_name", "metric_kind"])
        {
            if (entry.Fields.PeekText(metric, name) is not { } id)
                continue;
            if (id.Length <= ScoreTables.MetricIdChars)
            {
                metric![name]!.Carry();
                return id;
            }
            entry.Draft.Losses.Add(metric![name]!, $"not carried as the metric's id: it is longer than {ScoreTables.MetricIdChars} characters");
        }
        return UnnamedMetric;
    }

    /// <summary>A score on a scale of named levels is the index of its level, or -1 where it isn't known.</summary>
    private void SetValue(MetricScore score, double value, SourceNode node, SourceNode? metric)
    {
        var levels = entry.Fields.PeekText(metric, "score_type") is "levels" ? entry.Fields.List(metric, "level_names") : [];
        var level = value == Math.Floor(value) && value >= 0 && value < levels.Count ? entry.Fields.TextOf(levels[(int)value]) : null;
        if (level is { Length: <= ScoreTables.LevelChars })
            score.Level = level;
        else
            _tables.SetNumber(score, value, node);
    }

    private void MapSource(Part part, SourceNode? source)
    {
        if (source is null)
            return;
        var name = source["dataset_name"];
        var title = entry.Fields.PeekText(source, "dataset_name") ?? "";
        if (source["url"] is { Kind: JsonValueKind.Array })
        {
            foreach (var url in entry.Fields.List(source, "url"))
            {
                if (entry.Fields.TextOf(url) is not { } address)
                    continue;
                var evidence = new Evidence { Title = title, Url = address, Kind = EvidenceKind.DataFile };
                entry.Draft.Evidence.Add(part, evidence, url, url, name, source["source_type"]);
            }
        }
        else if (entry.Fields.PeekText(source, "hf_repo") is { } repository)
        {
            // The address of a repository is its id below this host.
            var evidence = new Evidence { Title = title, Url = $"https://huggingface.co/datasets/{repository}", Kind = EvidenceKind.DataFile };
            entry.Draft.Evidence.Add(part, evidence, source, name, source["hf_repo"], source["source_type"]);
        }
        else if (title.Length > 0)
        {
            entry.Draft.Evidence.Add(part, new Evidence { Title = title, Kind = EvidenceKind.DataFile }, source, name);
        }
    }
}
