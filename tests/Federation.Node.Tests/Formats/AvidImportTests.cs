using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Formats;

public sealed class AvidImportTests
{
    [Fact]
    public void Reports_that_measure_become_results_and_everything_else_becomes_a_flaw()
    {
        var kinds = Fixtures.Of("avid").Select(file => (file.Path, Kind: file.Draft().Kind)).ToArray();
        Assert.All(kinds.Where(file => file.Path.StartsWith("vulnerabilities/", StringComparison.Ordinal)), file => Assert.Equal(RecordKind.Flaw, file.Kind));
        Assert.Equal(33, kinds.Count(file => file.Kind is RecordKind.EvaluationResult));
        Assert.Equal(37, kinds.Count(file => file.Kind is RecordKind.Flaw));
    }

    [Theory]
    [InlineData("reports/2022/AVID-2022-R0001.json", "0.1", 2022)]
    [InlineData("vulnerabilities/2022/AVID-2022-V002.json", "0.1", 2022)]
    [InlineData("reports/2023/AVID-2023-R0003.json", "0.2", 2023)]
    [InlineData("vulnerabilities/2023/AVID-2023-V001.json", "0.2", 2023)]
    [InlineData("reports/2026/AVID-2026-R1692.json", "0.3.3", 2025)]
    public void Version_language_date_and_id_are_carried_in_every_data_version(string path, string version, int year)
    {
        var draft = Fixtures.Draft("avid", path);
        var id = Path.GetFileNameWithoutExtension(path);
        Assert.Equal(version, draft.Source().FormatVersion);
        Assert.Equal("en", draft.Envelope.Language);
        Assert.Equal((year, DatePrecision.Day), (draft.Envelope.Issued.Year, draft.Envelope.Issued.Precision));
        Assert.Equal(new Alias { Scheme = "avid", ExternalId = id }, Assert.Single(draft.Part("aliases").Aliases.Aliases_));
        Assert.Equal(id, draft.Provenance.ExternalId);
        Assert.Equal(RecordState.Final, draft.Envelope.State);
    }

    [Fact]
    public void A_vulnerability_entry_keeps_its_scores_as_codes_and_has_no_severity()
    {
        var draft = Fixtures.Draft("avid", "reports/2026/AVID-2026-R1692.json");
        Assert.Equal("vLLM Vulnerable to Remote Code Execution via Mooncake Integration (CVE-2025-32444)", draft.Envelope.Title);
        var summary = draft.Part("summary");
        Assert.Equal((FlawType.Advisory, FlawSeverity.Unspecified), (summary.FlawSummary.Type, summary.FlawSummary.Severity));
        Assert.Equal(5, summary.Evidence.Count);
        Assert.Equal(("NVD entry", "https://www.cve.org/CVERecord?id=CVE-2025-32444"), (summary.Evidence[0].Title, summary.Evidence[0].Url));
        var affected = draft.Part("affected:System:vllm").FlawAffected;
        Assert.Equal((AffectedType.System, "vllm", "vllm-project"), (affected.Type, affected.Subject.Name, affected.Developer));
        var codes = draft.Part("codes").FlawCodes;
        Assert.Equal(["CWE-502"], codes.Cwe);
        Assert.Equal(["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"], codes.Cvss);
        var expected = new VocabularyCode { Scheme = "avid-sep", Version = "0.2", Code = "S0100", Label = "Software Vulnerability" };
        Assert.Equal(expected, Assert.Single(codes.AvidSep));
        Assert.Equal("L06", Assert.Single(codes.AvidLifecycle).Code);
        Assert.Equal("10.0", draft.Unmapped("/impact/cvss/baseScore"));
        Assert.Equal("\"CRITICAL\"", draft.Unmapped("/impact/cvss/baseSeverity"));
    }

    [Fact]
    public void No_import_states_a_severity_that_its_source_does_not_have()
    {
        var files = Fixtures.Of("avid").Concat(Fixtures.Of("osv")).Where(file => !file.Path.Contains("schema", StringComparison.Ordinal));
        var summaries = files.SelectMany(file => file.Draft().Parts(Part.ContentOneofCase.FlawSummary)).ToArray();
        Assert.Equal(61, summaries.Length);
        Assert.All(summaries, part => Assert.Equal(FlawSeverity.Unspecified, part.FlawSummary.Severity));
    }

    [Fact]
    public void An_inspect_measurement_keeps_every_score_with_its_scorer()
    {
        var draft = Fixtures.Draft("avid", "reports/2025/AVID-2025-R0003.json");
        var scores = draft.Part("scores:combined_scorer").ResultScores.Scores;
        Assert.Equal(20, scores.Count);
        Assert.Equal(("avg_score", 0.5787848042109405, "scorer: combined_scorer"), (scores[0].MetricId, scores[0].Number, scores[0].Note));
        Assert.Equal("gpt-4o-mini-2024-07-18", draft.Part("subject:gpt-4o-mini-2024-07-18").ResultSubject.Subject.Name);
        Assert.Equal("OpenAI", draft.Part("subject:gpt-4o-mini-2024-07-18").ResultSubject.Platform);
        Assert.Equal("Harsh Raj", draft.Part("run").ResultRun.Evaluator);
    }

    [Fact]
    public void A_garak_measurement_keeps_counts_beside_its_scores()
    {
        var scores = Fixtures.Draft("avid", "reports/2026/AVID-2026-R0138.json").Part("scores").ResultScores.Scores;
        Assert.Equal(["encoding.DecodeMatch", "encoding.DecodeApprox"], scores.Select(score => score.MetricId));
        Assert.Equal((79.296875, 256u, "passed: 203"), (scores[0].Number, scores[0].TotalCount, scores[0].Note));
    }

    [Fact]
    public void A_measurement_of_several_models_has_a_subject_and_a_table_for_each()
    {
        var draft = Fixtures.Draft("avid", "reports/2026/AVID-2026-R0066.json");
        Assert.Equal(13, draft.Parts(Part.ContentOneofCase.ResultSubject).Count());
        var tables = draft.Parts(Part.ContentOneofCase.ResultScores).ToArray();
        Assert.Equal(13, tables.Length);
        Assert.Equal(SourceRelation.ThirdParty, tables[0].SourceRelation);
        Assert.Equal("model=Alibaba Qwen Max", tables[0].ResultScores.Slice);
        Assert.Equal(77.0, Assert.Single(tables[0].ResultScores.Scores).Number);
        Assert.Equal("0DIN Test Scores", draft.Part("run").ResultRun.EvaluationName);
    }

    [Fact]
    public void The_developer_is_named_only_where_one_artifact_leaves_no_doubt()
    {
        var several = SmallInput.Draft("avid", With("""
            "affects":{"developer":["Maker"],"deployer":[],"artifacts":[{"type":"Model","name":"A"},{"type":"Dataset","name":"B"}]}
            """));
        Assert.Equal("", several.Part("affected:Model:A").FlawAffected.Developer);
        Assert.Equal("B", several.Part("affected:Dataset:B").FlawAffected.DatasetName);
        Assert.Equal("[\"Maker\"]", several.Unmapped("/affects/developer"));
        var one = SmallInput.Draft("avid", With("""
            "affects":{"developer":["Maker","Other"],"artifacts":[{"type":"Model","name":"A"}]}
            """));
        Assert.Equal("Maker; Other", one.Part("affected:Model:A").FlawAffected.Developer);
        Assert.Null(one.Unmapped("/affects/developer"));
    }

    [Theory]
    [InlineData("credit")]
    [InlineData("credits")]
    public void Both_spellings_of_credit_name_the_evaluator_of_a_measurement(string spelling)
    {
        var json = With($$"""
            "{{spelling}}":[{"lang":"eng","value":"First"},{"lang":"eng","value":""},{"lang":"eng","value":"Second"}]
            """).Replace("\"Issue\"", "\"Measurement\"", StringComparison.Ordinal);
        Assert.Equal("First; Second", SmallInput.Draft("avid", json).Part("run").ResultRun.Evaluator);
    }

    [Fact]
    public void Empty_strings_lists_and_null_say_nothing_and_are_no_unmapped_fields()
    {
        var draft = SmallInput.Draft("avid", With("""
            "credit":null,"reports":[],"references":[{"label":"","url":"","type":""}],"affects":{"artifacts":[{"type":"System","name":""}]},
            "impact":{"avid":{"vuln_id":"","sep_view":[""],"taxonomy_version":""}}
            """));
        Assert.Empty(draft.Part("summary").Evidence);
        Assert.Empty(draft.Parts(Part.ContentOneofCase.FlawAffected));
        Assert.Equal(["/affects"], draft.Source().UnmappedFields.Select(field => field.Path));
        Assert.Contains("/affects/artifacts/0: an artifact without a name is not carried", draft.Provenance.LossNotes);
    }

    [Theory]
    [InlineData("eng", "en")]
    [InlineData("fre", "fr")]
    [InlineData("gsw", "gsw")]
    [InlineData("pt-BR", "pt-BR")]
    [InlineData("", "und")]
    [InlineData("?", "und")]
    [InlineData("e2", "und")]
    [InlineData("en_US", "und")]
    public void Languages_become_the_shortest_tag(string code, string tag)
    {
        var draft = SmallInput.Draft("avid", SmallInput.Avid.Replace("eng", code, StringComparison.Ordinal));
        Assert.Equal(tag, draft.Envelope.Language);
    }

    [Fact]
    public void A_vulnerability_names_the_reports_it_rests_on_as_evidence()
    {
        var draft = Fixtures.Draft("avid", "vulnerabilities/2022/AVID-2022-V002.json");
        Assert.All(draft.Part("summary").Evidence, evidence => Assert.NotEmpty(evidence.Title));
        Assert.Contains(AllReports(), evidence => evidence.Title.StartsWith("AVID-2022-R0002: Gender Bias", StringComparison.Ordinal));
    }

    [Fact]
    public void A_score_written_as_text_that_is_no_number_becomes_a_level()
    {
        var json = With("""
            "metrics":[{"name":"T","results":{"Test Scores":[{"Model":"M","Test Score":"N/A"}]}}]
            """).Replace("\"Issue\"", "\"Measurement\"", StringComparison.Ordinal);
        Assert.Equal("N/A", Assert.Single(SmallInput.Draft("avid", json).Part("scores:M").ResultScores.Scores).Level);
    }

    private static IEnumerable<Evidence> AllReports() =>
        Fixtures.Of("avid").SelectMany(file => file.Draft().Parts).SelectMany(part => part.Part.Evidence)
            .Where(evidence => evidence.Kind is EvidenceKind.Report);

    private static string With(string members) => $"{SmallInput.Avid.TrimEnd()[..^1]},{members}}}";
}
