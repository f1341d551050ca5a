using System.Globalization;
using System.Text;
using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>
/// One text for all spellings of a policy: without names, comments, order, examples, and rules that change no answer. It is hashed and
/// never read back.
/// </summary>
internal static class PolicyNormalForm
{
    private const string Domain = "federation/policy-class.v1";

    /// <summary>The SHA-256 value of the normal form.</summary>
    /// <param name="ceiling">The policy's ceiling.</param>
    /// <param name="reduced">Its rules as <see cref="Reduce"/> leaves them.</param>
    public static Digest Hash(Marking ceiling, IEnumerable<SharingRule> reduced) => Digest.Sha256(Encoding.UTF8.GetBytes(Write(ceiling, reduced)));

    /// <summary>
    /// The normal form. No value holds a line break, a comma or a semicolon, so that different policies have different texts;
    /// kinds, part types and the words of enumerations stand by number, which a renamed field keeps.
    /// </summary>
    public static string Write(Marking ceiling, IEnumerable<SharingRule> reduced) =>
        string.Create(CultureInfo.InvariantCulture, $"{Domain}\nceiling={(int)ceiling}\n{string.Join('\n', reduced.Select(WriteRule))}\n");

    /// <summary>The rules without those that others cover, in an order that neither names nor the file decide; of equal ones the first by name.</summary>
    public static SharingRule[] Reduce(IEnumerable<SharingRule> rules)
    {
        var kept = rules.GroupBy(WriteRule, StringComparer.Ordinal)
            .OrderBy(equal => equal.Key, StringComparer.Ordinal)
            .Select(equal => equal.MinBy(rule => rule.Name, StringComparer.Ordinal)!)
            .ToList();
        for (var i = 0; i < kept.Count;)
        {
            var rule = kept[i];
            if (kept.Exists(other => other != rule && other.Covers(rule)))
                kept.RemoveAt(i);
            else
                i++;
        }
        return [.. kept];
    }

    /// <summary>The conditions of a rule and whether it allows or denies.</summary>
    public static string WriteConditions(SharingRule rule)
    {
        var conditions = rule.Conditions;
        var text = new StringBuilder(rule.Denies ? "deny" : "allow");
        Add(text, "kinds", conditions.Kinds.Select(kind => (int)kind));
        Add(text, "states", conditions.States.ToCodes());
        AddMarking(text, "min", conditions.MinMarking, Marking.Clear);
        AddMarking(text, "max", conditions.MaxMarking, Marking.Red);
        Add(text, "topics", conditions.Topics);
        Add(text, "without", conditions.WithoutTopics);
        AddRange(text, "severity", conditions.Severity);
        Add(text, "origins", conditions.Origins);
        Add(text, "languages", conditions.Languages);
        Add(text, "availability", conditions.Availability.ToCodes());
        AddRange(text, "issued", conditions.Issued);
        Add(text, "onward", conditions.Onward.ToCodes());
        Add(text, "actions", conditions.PermittedActions.ToCodes());
        Add(text, "attribution", conditions.Attribution.ToCodes());
        return text.ToString();
    }

    private static string WriteRule(SharingRule rule)
    {
        var text = new StringBuilder(WriteConditions(rule));
        Add(text, "institutes", rule.Audience.Institutes);
        Add(text, "groups", rule.Audience.Groups);
        var handling = rule.Handling;
        Add(text, "withhold", handling.Withheld.ToTypes());
        Add(text, "show", handling.Shown.ToTypes());
        Add(text, "envelope", handling.SharesEnvelope ? [1] : Array.Empty<int>());
        Add(text, "embargo", handling.Embargo.IsNone ? Array.Empty<string>() : [WriteEmbargo(handling.Embargo)]);
        Add(text, "parts", handling.Parts.Select(part =>
            string.Create(CultureInfo.InvariantCulture, $"{part.Type}/{(int)part.MaxMarking}/{WriteEmbargo(part.Embargo)}")));
        return text.ToString();
    }

    private static string WriteEmbargo(RuleEmbargo embargo) =>
        string.Create(CultureInfo.InvariantCulture, $"{embargo.UntilMs}+{embargo.AfterPublicationMs}");

    private static void AddRange(StringBuilder text, string key, ValueRange? range) =>
        Add(text, key, range is { } known ? [string.Create(CultureInfo.InvariantCulture, $"{known.Least}..{known.Most}")] : Array.Empty<string>());

    private static void AddMarking(StringBuilder text, string key, Marking marking, Marking untested) =>
        Add(text, key, marking == untested ? Array.Empty<int>() : [(int)marking]);

    // What a rule does not test or say is left out.
    private static void Add<T>(StringBuilder text, string key, IEnumerable<T> values)
    {
        var list = string.Join(',', values.Select(value => string.Create(CultureInfo.InvariantCulture, $"{value}")));
        if (list.Length > 0)
            text.Append(';').Append(key).Append('=').Append(list);
    }
}
