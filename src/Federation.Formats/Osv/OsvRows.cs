using Federation.Formats.Mapping;
using static Federation.Formats.Mapping.FieldLabel;

namespace Federation.Formats.Osv;

/// <summary>What becomes of each field of an advisory.</summary>
internal static class OsvRows
{
    internal static IReadOnlyList<MappingRow> All { get; } =
    [
        new("/schema_version", Direct, "ImportSource.format_version"),
        new("/id", Direct, "Aliases.aliases, ImportSource.external_id; Envelope.issued, the year, if no date is given"),
        new("/aliases/*", Direct, "Aliases.aliases"),
        new("/summary", Direct, "Envelope.title"),
        new("/details", Direct, "FlawSummary.description"),
        new("/published", Partial, "Envelope.issued"),
        new("/withdrawn", Partial, "Envelope.state, Envelope.state_day"),
        new("/modified", Unmapped, ""),
        new("/related/**", Unmapped, ""),
        new("/upstream/**", Unmapped, ""),
        new("/severity/*/type", Partial, "FlawCodes.cvss, FlawCodes.other"),
        new("/severity/*/score", Partial, "FlawCodes.cvss, FlawCodes.other"),
        new("/affected/*/severity/*/type", Partial, "FlawCodes.cvss, FlawCodes.other"),
        new("/affected/*/severity/*/score", Partial, "FlawCodes.cvss, FlawCodes.other"),
        new("/affected/*/package/name", Direct, "FlawAffected.subject.name"),
        new("/affected/*/package/ecosystem", Direct, "FlawAffected.subject.name"),
        new("/affected/*/package/purl", Unmapped, ""),
        new("/affected/*/ranges/*/type", Unmapped, ""),
        new("/affected/*/ranges/*/repo", Unmapped, ""),
        new("/affected/*/ranges/*/events/*/introduced", Partial, "FlawAffected.affected_versions"),
        new("/affected/*/ranges/*/events/*/fixed", Partial, "FlawAffected.affected_versions, FlawAffected.fixed_versions"),
        new("/affected/*/ranges/*/events/*/last_affected", Partial, "FlawAffected.affected_versions"),
        new("/affected/*/ranges/*/events/*/limit", Approximate, "FlawAffected.affected_versions"),
        new("/affected/*/ranges/*/database_specific/**", Unmapped, ""),
        new("/affected/*/versions/*", Partial, "FlawAffected.affected_versions"),
        new("/affected/*/ecosystem_specific/**", Unmapped, ""),
        new("/affected/*/database_specific/**", Unmapped, ""),
        new("/references/*/type", Approximate, "Evidence.kind"),
        new("/references/*/url", Direct, "Evidence.url"),
        new("/credits/**", Unmapped, ""),
        new("/database_specific/url", Partial, "Aliases.aliases"),
        new("/database_specific/cwe_ids/*", Partial, "FlawCodes.cwe"),
        new("/database_specific/**", Unmapped, ""),
    ];
}
