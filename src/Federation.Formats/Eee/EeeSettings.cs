using System.Text.Json;
using Federation.Formats.Drafting;
using Federation.Formats.Reading;
using Federation.V1.Records;
using Google.Protobuf.Collections;

namespace Federation.Formats.Eee;

/// <summary>
/// Maps the settings. Harness, engine and metric configuration make one part; each distinct generation configuration makes another,
/// which names the evaluations that it was used for unless it was used for all.
/// </summary>
internal sealed class EeeSettings(EeeEntry entry)
{
    private const int HarnessChars = 128;
    private const int VersionChars = 64;
    private const int NameChars = 128;
    private const int ValueChars = 4096;
    private const int ScaffoldingChars = 8192;
    private const int MaxSettings = 128;
    private static readonly string[] MetricFields =
    [
        "score_type", "lower_is_better", "min_score", "max_score", "metric_name",
        "metric_kind", "metric_unit", "level_names", "has_unknown_level", "metric_parameters",
    ];

    internal static void Map(EeeEntry entry, SourceNode? model)
    {
        var settings = new EeeSettings(entry);
        settings.MapHarness(model);
        settings.MapGeneration();
    }

    private void MapHarness(SourceNode? model)
    {
        var library = entry.Fields.Object(entry.Root, "eval_library");
        var settings = new ResultSettings
        {
            Harness = entry.Draft.Cut(entry.Fields.Text(library, "name"), HarnessChars, library?["name"]),
            HarnessVersion = entry.Draft.Cut(entry.Fields.Text(library, "version"), VersionChars, library?["version"]),
        };
        foreach (var node in entry.Fields.Object(model, "inference_engine")?.Members ?? [])
            Add(settings.InferenceSettings, $"inference_engine.{node.Token}", node);
        foreach (var result in entry.Fields.Objects(entry.Root, "evaluation_results"))
            MapMetric(settings.ScoringSettings, result);
        if (settings.CalculateSize() > 0)
            entry.Draft.Add("settings", "", new Part { ResultSettings = settings });
    }

    /// <summary>One setting a metric: the type of its score, its bounds and direction, as the source writes them.</summary>
    private void MapMetric(RepeatedField<NamedValue> settings, SourceNode result)
    {
        if (entry.Fields.Object(result, "metric_config") is not { } metric)
            return;
        var present = MetricFields.Select(name => metric[name]).Where(node => node is { IsEmpty: false }).ToArray();
        if (present.Length == 0)
            return;
        var text = string.Join("; ", present.Select(node => $"{node!.Token}={ValueOf(node)}"));
        var name = result["evaluation_name"]?.Text ?? "";
        if (entry.Fields.PeekText(metric, "metric_id") is { } id)
            name = $"{name}: {id}";
        if (name.Length > NameChars || text.Length > ValueChars || !entry.Draft.HasRoom(settings.Count, MaxSettings, metric))
            return;
        settings.Add(new NamedValue { Name = name, Value = text });
        foreach (var node in present)
            node!.CarryAll();
    }

    private void MapGeneration()
    {
        var groups = new OrderedDictionary<string, List<SourceNode>>();
        var results = entry.Fields.Objects(entry.Root, "evaluation_results");
        foreach (var result in results)
        {
            if (entry.Fields.Object(result, "generation_config") is not { } config)
                continue;
            var text = SourceJson.Write(config);
            if (!groups.TryGetValue(text, out var same))
                groups.Add(text, same = []);
            same.Add(result);
        }
        foreach (var (_, same) in groups)
            MapGroup(same, isForAll: same.Count == results.Count);
    }

    private void MapGroup(List<SourceNode> results, bool isForAll)
    {
        var names = string.Join("; ", results.Select(result => result["evaluation_name"]?.Text).Distinct());
        var mapped = new ResultSettings();
        foreach (var result in results)
        {
            // Equal texts make equal settings; the others are only marked as carried.
            var settings = result == results[0] ? mapped : new ResultSettings();
            var config = result["generation_config"]!;
            MapArguments(settings, entry.Fields.Object(config, "generation_args"));
            foreach (var node in entry.Fields.Object(config, "additional_details")?.Members ?? [])
                Add(settings.TaskSettings, node.Token, node);
        }
        if (mapped.CalculateSize() == 0)
            return;
        if (!isForAll)
            mapped.TaskSettings.Insert(0, new NamedValue { Name = "evaluation_name", Value = TextCut.Start(names, ValueChars) });
        entry.Draft.Add("generation", isForAll ? "" : names, new Part { ResultSettings = mapped });
    }

    private void MapArguments(ResultSettings settings, SourceNode? arguments)
    {
        foreach (var node in arguments?.Members ?? [])
        {
            if (node.Token is "agentic_eval_config" or "eval_plan")
                AddScaffolding(settings, node);
            else if (node.Token is "eval_limits" or "sandbox" && node.Kind is JsonValueKind.Object)
                foreach (var member in node.Members)
                    Add(settings.TaskSettings, $"{node.Token}.{member.Token}", member);
            else
                Add(settings.InferenceSettings, node.Token, node);
        }
    }

    private static void AddScaffolding(ResultSettings settings, SourceNode node)
    {
        if (SourceJson.IsLonger(node, ScaffoldingChars))
            return;
        var text = $"{node.Token}: {SourceJson.Write(node)}";
        text = settings.Scaffolding.Length == 0 ? text : $"{settings.Scaffolding}\n{text}";
        if (text.Length > ScaffoldingChars)
            return;
        settings.Scaffolding = text;
        node.CarryAll();
    }

    /// <summary>Adds a setting if it fits; otherwise it stays unmapped. One place is kept free for the evaluation's name.</summary>
    private void Add(RepeatedField<NamedValue> settings, string name, SourceNode node)
    {
        if (node.IsEmpty || name.Length > NameChars || SourceJson.IsLonger(node, ValueChars))
            return;
        var value = ValueOf(node);
        if (value.Length > ValueChars || !entry.Draft.HasRoom(settings.Count, MaxSettings - 1, node))
            return;
        settings.Add(new NamedValue { Name = name, Value = value });
        node.CarryAll();
    }

    private static string ValueOf(SourceNode node) => node.IsContainer ? SourceJson.Write(node) : node.Text;
}
