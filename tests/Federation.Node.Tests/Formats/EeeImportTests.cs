using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Formats;

public sealed class EeeImportTests
{
    private const string GpqaPath = "v0.2.0/hfopenllm_v2/Daemontatox/AetherTOT/82044cd2-1a46-406e-bc68-397ce41b29ea.json";
    private const string GaiaPath = "hal-v0.2.2/hal-gaia/anthropic/claude-sonnet-4-5/76b0bf4f-0f58-4213-9a18-1b04fb5e946a.json";

    [Fact]
    public void A_leaderboard_of_0_2_2_is_carried_field_by_field()
    {
        var draft = Fixtures.Draft("eee", GaiaPath);
        Assert.Equal((RecordKind.EvaluationResult, "0.2.2"), (draft.Kind, draft.Source().FormatVersion));
        Assert.Equal("Claude Sonnet 4.5 (September 2025): HAL Leaderboard — GAIA", draft.Envelope.Title);
        Assert.Equal("anthropic/claude-sonnet-4-5", draft.Part("subject").ResultSubject.Subject.Name);
        var run = draft.Part("run");
        Assert.Equal(SourceRelation.ThirdParty, run.SourceRelation);
        Assert.Equal(("Princeton SAgE Team", "third_party"), (run.ResultRun.Evaluator, run.ResultRun.Relationship));
        Assert.Equal("https://hal.cs.princeton.edu", Assert.Single(run.Evidence).Url);
        var table = draft.Part("scores:GAIA - GAIA Level 1");
        var score = Assert.Single(table.ResultScores.Scores);
        Assert.Equal((0.3774, "Accuracy on Level 1 questions (simplest) (0.0–1.0)"), (score.Number, score.Note));
        string[] addresses = ["https://huggingface.co/datasets/gaia-benchmark/GAIA", "https://hal.cs.princeton.edu/gaia"];
        Assert.Equal(addresses, table.Evidence.Select(evidence => evidence.Url));
        var settings = draft.Part("settings").ResultSettings;
        Assert.Equal(("HAL", "unknown"), (settings.Harness, settings.HarnessVersion));
        var scoring = new NamedValue { Name = "GAIA", Value = "score_type=continuous; lower_is_better=false; min_score=0.0; max_score=1.0" };
        Assert.Equal(scoring, settings.ScoringSettings[0]);
        var generation = draft.Part("generation").ResultSettings;
        Assert.Contains(new NamedValue { Name = "agent_scaffold", Value = "HF Open Deep Research" }, generation.TaskSettings);
        Assert.StartsWith("agentic_eval_config: {\"available_tools\":[{\"name\":\"web_search\"", generation.Scaffolding, StringComparison.Ordinal);
    }

    [Fact]
    public void Epoch_seconds_written_as_text_become_a_time_and_the_fraction_stays_unmapped()
    {
        var draft = Fixtures.Draft("eee", GaiaPath);
        var expected = DateTimeOffset.FromUnixTimeSeconds(1777366846);
        var issued = draft.Envelope.Issued;
        Assert.Equal((expected.Year, expected.Month, expected.Day), (issued.Year, issued.Month, issued.Day));
        Assert.Equal((DatePrecision.Time, (int)expected.TimeOfDay.TotalSeconds), (issued.Precision, issued.SecondOfDay));
        Assert.Equal("\"1777366846.636041\"", draft.Unmapped("/retrieved_timestamp"));
        Assert.Null(SmallInput.Draft("eee", SmallInput.Eee).Unmapped("/retrieved_timestamp"));
    }

    [Fact]
    public void Files_that_share_an_id_are_told_apart_by_their_path()
    {
        var files = Fixtures.Of("eee").Where(file => file.Path.Contains("Daemontatox/AetherTOT", StringComparison.Ordinal));
        var twins = files.Select(file => file.Draft()).ToArray();
        Assert.Equal(2, twins.Length);
        Assert.Equal(twins[0].Provenance.ExternalId, twins[1].Provenance.ExternalId);
        Assert.NotEqual(twins[0].Source().PathInSet, twins[1].Source().PathInSet);
        Assert.NotEqual(twins[0].Provenance.RawDigest, twins[1].Provenance.RawDigest);
    }

    [Fact]
    public void A_leaderboard_of_0_2_0_names_its_data_sets_as_evidence()
    {
        var draft = Fixtures.Draft("eee", GpqaPath);
        Assert.Equal("0.2.0", draft.Source().FormatVersion);
        Assert.Equal(6, draft.Parts(Part.ContentOneofCase.ResultScores).Count());
        var evidence = Assert.Single(draft.Part("scores:IFEval").Evidence);
        Assert.Equal(("IFEval", "https://huggingface.co/datasets/google/IFEval", EvidenceKind.DataFile), (evidence.Title, evidence.Url, evidence.Kind));
    }

    [Fact]
    public void An_interval_written_as_distances_is_not_taken_for_bounds()
    {
        var file = Fixtures.Of("eee").First(file => file.Path.Contains("global-mmlu-lite", StringComparison.Ordinal));
        var draft = file.Draft();
        Assert.All(draft.Parts(Part.ContentOneofCase.ResultScores).SelectMany(part => part.ResultScores.Scores), score => Assert.Null(score.Uncertainty));
        Assert.Contains(draft.Provenance.LossNotes, note => note.Contains("doesn't hold its score", StringComparison.Ordinal));
        Assert.NotNull(draft.Unmapped("/evaluation_results/3/score_details/uncertainty"));
    }

    [Fact]
    public void An_interval_around_zero_is_taken_for_bounds_only_of_a_score_of_zero()
    {
        const string interval = ",\"uncertainty\":{\"confidence_interval\":{\"lower\":-0.03,\"upper\":0.03}}";
        var json = SmallInput.Eee.Replace("\"score\":0.5", $"\"score\":0.02{interval}", StringComparison.Ordinal);
        Assert.Null(Assert.Single(SmallInput.Draft("eee", json).Part("scores:One").ResultScores.Scores).Uncertainty);
        var zero = SmallInput.Draft("eee", json.Replace("0.02", "0", StringComparison.Ordinal));
        Assert.Equal(-0.03, Assert.Single(zero.Part("scores:One").ResultScores.Scores).Uncertainty.IntervalLower);
    }

    [Fact]
    public void Different_generation_settings_make_parts_that_name_their_evaluations()
    {
        var file = Fixtures.Of("eee").First(file => file.Path.Contains("helm_mmlu", StringComparison.Ordinal));
        var draft = file.Draft();
        Assert.Equal(36, draft.Parts(Part.ContentOneofCase.ResultScores).Count());
        var settings = draft.Part("generation:Anatomy").ResultSettings.TaskSettings;
        Assert.Equal(new NamedValue { Name = "evaluation_name", Value = "Anatomy" }, settings[0]);
        Assert.Contains(new NamedValue { Name = "subject", Value = "anatomy" }, settings);
    }

    [Fact]
    public void The_fields_of_0_3_0_are_carried()
    {
        var draft = SmallInput.Draft("eee", """
            {"schema_version":"0.3.0","evaluation_id":"a/b/1","evaluation_timestamp":"2026-01-02T03:04:05+01:00","retrieved_timestamp":"1700000000",
            "source_metadata":{"source_name":"S","source_type":"evaluation_run","source_organization_name":"O","evaluator_relationship":"collaborative"},
            "eval_library":{"name":"inspect_ai","version":"0.3.1"},
            "model_info":{"name":"Model","id":"maker/model","inference_platform":"P","inference_engine":{"name":"vLLM","version":"0.9"}},
            "evaluation_results":[
              {"evaluation_name":"E","source_data":{"dataset_name":"D","source_type":"hf_dataset","hf_repo":"o/d","samples_number":40},
               "metric_config":{"metric_id":"accuracy","metric_unit":"proportion","lower_is_better":false,"score_type":"continuous","min_score":0,
                 "max_score":"Infinity"},
               "score_details":{"score":0.5,"uncertainty":{"standard_error":{"value":0.01,"method":"bootstrap"},
                 "confidence_interval":{"lower":0.4,"upper":0.6,"confidence_level":0.95,"method":"normal"},"num_samples":39,"standard_deviation":0.2}},
               "generation_config":{"generation_args":{"temperature":0.7,"eval_limits":{"token_limit":9007199254740993}}}},
              {"evaluation_name":"E","metric_config":{"metric_id":"grade","lower_is_better":false,"score_type":"levels","level_names":["low","high"],
                 "has_unknown_level":true},
               "score_details":{"score":1}}],
            "detailed_evaluation_results":{"format":"jsonl","file_path":"data/x_samples.jsonl","hash_algorithm":"sha256","checksum":"ABCD","total_rows":40}}
            """);
        DraftBounds.Check(draft);
        var run = draft.Part("run").ResultRun;
        Assert.Equal((2026, 1, 2, 7445), (run.Started.Year, run.Started.Month, run.Started.Day, run.Started.SecondOfDay));
        var scores = draft.Part("scores:E").ResultScores.Scores;
        Assert.Equal(("accuracy", 0.5, 40u, 39u), (scores[0].MetricId, scores[0].Number, scores[0].TotalCount, scores[0].ScoredCount));
        var uncertainty = scores[0].Uncertainty;
        Assert.Equal((0.01, 0.4, 0.6, 0.95), (uncertainty.StandardError, uncertainty.IntervalLower, uncertainty.IntervalUpper, uncertainty.IntervalLevel));
        Assert.Equal("standard error: bootstrap; interval: normal", uncertainty.Method);
        Assert.Equal(("grade", "high"), (scores[1].MetricId, scores[1].Level));
        Assert.Equal("0.2", draft.Unmapped("/evaluation_results/0/score_details/uncertainty/standard_deviation"));
        Assert.Equal("{\"score\":1}", draft.Unmapped("/evaluation_results/1/score_details"));
        var generation = draft.Part("generation:E").ResultSettings;
        Assert.Equal(new NamedValue { Name = "temperature", Value = "0.7" }, Assert.Single(generation.InferenceSettings));
        Assert.Contains(new NamedValue { Name = "eval_limits.token_limit", Value = "9007199254740993" }, generation.TaskSettings);
        Assert.Contains(new NamedValue { Name = "inference_engine.name", Value = "vLLM" }, draft.Part("settings").ResultSettings.InferenceSettings);
        var log = draft.Part("log").ResultLog;
        Assert.Equal(("data/x_samples.jsonl", "application/jsonl", "sha256", "abcd"), (log.Name, log.MediaType, log.Digest.Algorithm, log.Digest.ValueHex));
    }

    [Fact]
    public void A_number_that_a_double_can_not_hold_stays_exact_among_the_unmapped_fields()
    {
        const string details = "\"score\":9007199254740993,\"n\":123456789012345678901234567890";
        var draft = SmallInput.Draft("eee", SmallInput.Eee.Replace("\"score\":0.5", details, StringComparison.Ordinal));
        Assert.Equal(9007199254740992, Assert.Single(draft.Part("scores:One").ResultScores.Scores).Number);
        Assert.Equal($"{{{details}}}", draft.Unmapped("/evaluation_results/0/score_details"));
        Assert.Contains(draft.Provenance.LossNotes, note => note.Contains("rounded", StringComparison.Ordinal));
    }
}
