using Federation.Formats.Mapping;
using static Federation.Formats.Mapping.FieldLabel;

namespace Federation.Formats.Avid;

/// <summary>What becomes of each field of a report that is mapped to an evaluation result.</summary>
internal static class AvidResultRows
{
    internal static IReadOnlyList<MappingRow> All { get; } =
    [
        new("/data_type", Direct, "ImportSource.format"),
        new("/data_version", Direct, "ImportSource.format_version"),
        new("/metadata/report_id", Direct, "Aliases.aliases, ImportSource.external_id"),
        new("/problemtype/classof", Approximate, "Part.source_relation"),
        new("/problemtype/type", Unmapped, ""),
        new("/problemtype/description/lang", Partial, "Envelope.language"),
        new("/problemtype/description/value", Direct, "Envelope.title"),
        new("/description/lang", Partial, "Envelope.language"),
        new("/description/value", Approximate, "ResultClaims.claims"),
        new("/affects/artifacts/*/type", Unmapped, ""),
        new("/affects/artifacts/*/name", Partial, "ResultSubject.subject.name"),
        new("/affects/developer/*", Unmapped, ""),
        new("/affects/deployer/*", Approximate, "ResultSubject.platform"),
        new("/references/*/label", Direct, "Evidence.title"),
        new("/references/*/url", Direct, "Evidence.url"),
        new("/references/*/type", Approximate, "Evidence.kind"),
        new("/impact/**", Unmapped, ""),
        new("/metrics/*/name", Approximate, "ResultRun.evaluation_name, ResultSettings.scoring_settings"),
        new("/metrics/*/detection_method/*", Partial, "ResultSettings.scoring_settings"),
        new("/metrics/*/features/*", Partial, "ResultSettings.scoring_settings"),
        new("/metrics/*/scorer", Approximate, "MetricScore.note"),
        new("/metrics/*/metrics", Direct, "MetricScore.metric_id"),
        new("/metrics/*/value", Partial, "MetricScore.number"),
        new("/metrics/*/results/rows/*/detector", Direct, "MetricScore.metric_id"),
        new("/metrics/*/results/rows/*/score", Partial, "MetricScore.number"),
        new("/metrics/*/results/rows/*/total_evaluated", Partial, "MetricScore.total_count"),
        new("/metrics/*/results/rows/*/passed", Approximate, "MetricScore.note"),
        new("/metrics/*/results/Test Scores/*/Model", Direct, "ResultScores.slice"),
        new("/metrics/*/results/Test Scores/*/Test Score", Direct, "MetricScore.number, MetricScore.level"),
        new("/metrics/*/results/Test Scores/*/Test Kind", Approximate, "MetricScore.note"),
        new("/metrics/*/results/Test Scores/*/Temperature (max 2.0)", Approximate, "MetricScore.note"),
        new("/metrics/*/results/**", Unmapped, ""),
        new("/credit/*/value", Approximate, "ResultRun.evaluator"),
        new("/credit/*/lang", Unmapped, ""),
        new("/credits/*/value", Approximate, "ResultRun.evaluator"),
        new("/credits/*/lang", Unmapped, ""),
        new("/reported_date", Direct, "Envelope.issued"),
        new("/config/**", Unmapped, ""),
    ];
}
