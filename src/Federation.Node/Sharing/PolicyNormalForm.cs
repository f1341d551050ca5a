using System.Globalization;
using System.Text;
using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>One text for all spellings of a policy: without names, comments and order. It is hashed and never read back.</summary>
internal static class PolicyNormalForm
{
    private const string Domain = "federation/policy-class.v1";

    /// <summary>The SHA-256 value of the normal form.</summary>
    public static Digest Hash(Marking ceiling, IEnumerable<SharingRule> rules) => Digest.Sha256(Encoding.UTF8.GetBytes(Write(ceiling, rules)));

    /// <summary>
    /// The normal form. No value holds a line break, a comma or a semicolon, so that different policies have different texts;
    /// kinds and part types stand by number, which a renamed field keeps.
    /// </summary>
    public static string Write(Marking ceiling, IEnumerable<SharingRule> rules)
    {
        var lines = rules.Select(WriteRule).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return string.Create(CultureInfo.InvariantCulture, $"{Domain}\nceiling={(int)ceiling}\n{string.Join('\n', lines)}\n");
    }

    private static string WriteRule(SharingRule rule)
    {
        var effect = rule.Denies ? "deny" : "allow";
        var kinds = Join(rule.Kinds.Order().Select(kind => ((int)kind).ToString(CultureInfo.InvariantCulture)));
        var withheld = Join(rule.Withheld.ToTypes().Select(type => type.ToString(CultureInfo.InvariantCulture)));
        var shown = Join(rule.Shown.ToTypes().Select(type => type.ToString(CultureInfo.InvariantCulture)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{effect};kinds={kinds};max={(int)rule.MaxMarking};topics={Join(rule.Topics)};without={Join(rule.WithoutTopics)};"
            + $"withhold={withheld};show={shown};envelope={(rule.SharesEnvelope ? 1 : 0)}");
    }

    private static string Join(IEnumerable<string> values) => string.Join(',', values.Distinct(StringComparer.Ordinal));

    private static string Join(TopicPattern[] patterns) =>
        Join(patterns.Select(pattern => pattern.ToString()).Order(StringComparer.Ordinal));
}
