using Federation.V1.Records;
using Xunit;

namespace Federation.Node.Tests.Formats;

public sealed class OsvImportTests
{
    [Fact]
    public void An_advisory_keeps_its_own_id_and_its_aliases()
    {
        var draft = Fixtures.Draft("osv", "osv-go/GO-2025-3724.json");
        Assert.Equal((RecordKind.Flaw, "1.3.1", "GO-2025-3724"), (draft.Kind, draft.Source().FormatVersion, draft.Provenance.ExternalId));
        var aliases = draft.Part("aliases").Aliases.Aliases_;
        Assert.Equal(["osv GO-2025-3724", "cve CVE-2025-3913", "ghsa GHSA-4mmr-2w8p-whcr"], aliases.Select(alias => $"{alias.Scheme} {alias.ExternalId}"));
        Assert.Equal("https://pkg.go.dev/vuln/GO-2025-3724", aliases[0].Url);
    }

    [Fact]
    public void Ranges_become_readable_versions()
    {
        var draft = Fixtures.Draft("osv", "osv-go/GO-2025-3724.json");
        var affected = draft.Part("affected:Go/github.com/mattermost/mattermost-server").FlawAffected;
        Assert.Equal("Go/github.com/mattermost/mattermost-server", affected.Subject.Name);
        Assert.Equal(">=9.0.0-rc1+incompatible <9.11.13+incompatible", affected.AffectedVersions[0]);
        Assert.Equal(["9.11.13+incompatible", "10.5.4+incompatible", "10.6.3+incompatible", "10.7.1+incompatible"], affected.FixedVersions);
        Assert.Equal(["all"], draft.Part("affected:Go/github.com/mattermost/mattermost-server/v5").FlawAffected.AffectedVersions);
    }

    [Fact]
    public void A_withdrawn_advisory_is_withdrawn_on_that_day_and_keeps_its_content()
    {
        var withdrawn = Fixtures.Of("osv").Where(file => file.Path.StartsWith("osv-go/", StringComparison.Ordinal))
            .Select(file => file.Draft()).Where(draft => draft.Envelope.State is RecordState.Withdrawn).ToArray();
        Assert.Equal(4, withdrawn.Length);
        var draft = Fixtures.Draft("osv", "osv-go/GO-2024-2445.json");
        Assert.Equal(new PreciseDate { Year = 2024, Month = 1, Day = 23, Precision = DatePrecision.Day }, draft.Envelope.StateDay);
        Assert.Equal("WITHDRAWN_BY_SOURCE", draft.Envelope.StateReason);
        Assert.Equal("\"2024-01-23T12:50:08Z\"", draft.Unmapped("/withdrawn"));
        Assert.NotEmpty(draft.Part("summary").FlawSummary.Description);
    }

    [Fact]
    public void A_date_that_is_not_known_is_estimated_from_the_id_and_says_so()
    {
        var draft = Fixtures.Draft("osv", "osv-go/GO-2024-2445.json");
        Assert.Equal(new PreciseDate { Year = 2024, Precision = DatePrecision.Year, Estimated = true }, draft.Envelope.Issued);
        Assert.Equal("\"0001-01-01T00:00:00Z\"", draft.Unmapped("/published"));
        var drafts = Fixtures.Of("osv").Where(file => file.Path.StartsWith("osv-go/", StringComparison.Ordinal)).Select(file => file.Draft());
        var dated = Assert.Single(drafts, other => other.Envelope.Issued is { Estimated: false });
        Assert.Equal(new PreciseDate { Year = 2022, Month = 2, Day = 17, SecondOfDay = 63332, Precision = DatePrecision.Time }, dated.Envelope.Issued);
        Assert.Null(SmallInput.Draft("osv", """{"id":"GHSA-aaaa","modified":"2024-01-01T00:00:00Z"}""").Envelope.Issued);
    }

    [Fact]
    public void References_are_evidence_and_credits_stay_with_the_source()
    {
        var file = Fixtures.Of("osv").First(file => file.Path.StartsWith("osv-go/", StringComparison.Ordinal) && file.Draft().Unmapped("/credits") is not null);
        Assert.Contains("\"name\":", file.Draft().Unmapped("/credits")!, StringComparison.Ordinal);
        var evidence = Fixtures.Draft("osv", "osv-go/GO-2024-2445.json").Part("summary").Evidence;
        Assert.Equal([EvidenceKind.Report, EvidenceKind.Code, EvidenceKind.Code], evidence.Select(item => item.Kind));
    }

    [Fact]
    public void Severities_and_weaknesses_become_codes_and_never_a_severity()
    {
        var draft = SmallInput.Draft("osv", """
            {"id":"GHSA-x","summary":"T","severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N"},{"type":"CVSS_V2","score":"AV:N/AC:L"},
              {"type":"Ubuntu","score":"high"}],
            "affected":[{"package":{"ecosystem":"PyPI","name":"p","purl":"pkg:pypi/p"},"severity":[{"type":"CVSS_V4","score":"CVSS:4.0/AV:N"}],
              "ranges":[{"type":"GIT","repo":"r","events":[{"introduced":"0"},{"last_affected":"1.2"},{"introduced":"2.0"}]}],"versions":["1.0","1.2"]}],
            "database_specific":{"severity":"HIGH","cwe_ids":["CWE-79",7]}}
            """);
        Assert.Equal("1.0.0", draft.Source().FormatVersion);
        var codes = draft.Part("codes").FlawCodes;
        Assert.Equal(["CVSS:3.1/AV:N", "CVSS:4.0/AV:N"], codes.Cvss);
        Assert.Equal(["severity:cvss_v2 AV:N/AC:L", "severity:ubuntu high"], codes.Other.Select(code => $"{code.Scheme} {code.Code}"));
        Assert.Equal(["CWE-79"], codes.Cwe);
        Assert.Equal(FlawSeverity.Unspecified, draft.Part("summary").FlawSummary.Severity);
        Assert.Equal("\"HIGH\"", draft.Unmapped("/database_specific/severity"));
        Assert.Equal("7", draft.Unmapped("/database_specific/cwe_ids/1"));
        Assert.Equal(["<=1.2", ">=2.0", "1.0", "1.2"], draft.Part("affected:PyPI/p").FlawAffected.AffectedVersions);
    }
}
