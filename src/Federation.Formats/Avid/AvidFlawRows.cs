using Federation.Formats.Mapping;
using static Federation.Formats.Mapping.FieldLabel;

namespace Federation.Formats.Avid;

/// <summary>What becomes of each field of an entry that is mapped to a flaw.</summary>
internal static class AvidFlawRows
{
    internal static IReadOnlyList<MappingRow> All { get; } =
    [
        new("/data_type", Direct, "ImportSource.format"),
        new("/data_version", Direct, "ImportSource.format_version"),
        new("/metadata/report_id", Direct, "Aliases.aliases, ImportSource.external_id"),
        new("/metadata/vuln_id", Direct, "Aliases.aliases, ImportSource.external_id"),
        new("/problemtype/classof", Direct, "FlawCodes.other; Part.source_relation"),
        new("/problemtype/type", Partial, "FlawSummary.type"),
        new("/problemtype/description/lang", Partial, "Envelope.language"),
        new("/problemtype/description/value", Direct, "Envelope.title"),
        new("/description/lang", Partial, "Envelope.language"),
        new("/description/value", Direct, "FlawSummary.description"),
        new("/affects/artifacts/*/type", Partial, "FlawAffected.type"),
        new("/affects/artifacts/*/name", Direct, "FlawAffected.subject.name, FlawAffected.dataset_name"),
        new("/affects/developer/*", Partial, "FlawAffected.developer"),
        new("/affects/deployer/*", Unmapped, ""),
        new("/references/*/label", Direct, "Evidence.title"),
        new("/references/*/url", Direct, "Evidence.url"),
        new("/references/*/type", Approximate, "Evidence.kind"),
        new("/reports/*/report_id", Approximate, "Evidence.title"),
        new("/reports/*/name", Approximate, "Evidence.title"),
        new("/reports/**", Unmapped, ""),
        new("/impact/avid/vuln_id", Unmapped, ""),
        new("/impact/avid/risk_domain/*", Direct, "FlawCodes.other"),
        new("/impact/avid/sep_view/*", Direct, "FlawCodes.avid_sep"),
        new("/impact/avid/lifecycle_view/*", Direct, "FlawCodes.avid_lifecycle"),
        new("/impact/avid/taxonomy_version", Partial, "FlawCodes.avid_sep, FlawCodes.avid_lifecycle, FlawCodes.other"),
        new("/impact/cvss/vectorString", Partial, "FlawCodes.cvss"),
        new("/impact/cvss/**", Unmapped, ""),
        new("/impact/cwe/*/cweId", Partial, "FlawCodes.cwe"),
        new("/impact/cwe/**", Unmapped, ""),
        new("/impact/odin/SocialImpactScore", Direct, "FlawCodes.other"),
        new("/impact/odin/JailbreakTaxonomy/*/*", Direct, "FlawCodes.other"),
        new("/impact/**", Unmapped, ""),
        new("/metrics/**", Unmapped, ""),
        new("/credit/**", Unmapped, ""),
        new("/credits/**", Unmapped, ""),
        new("/reported_date", Direct, "Envelope.issued"),
        new("/published_date", Direct, "Envelope.issued"),
        new("/last_modified_date", Unmapped, ""),
        new("/config/**", Unmapped, ""),
    ];
}
