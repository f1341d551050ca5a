using System.Text.RegularExpressions;
using Federation.Protocol.Records;

namespace Federation.Node.Records;

/// <summary>Audiences as publishers write them: institute ids, and groups as "group:NAME".</summary>
internal static partial class AudienceWords
{
    private const string GroupPrefix = "group:";

    /// <summary>Whether a word names an institute or a group.</summary>
    public static bool IsValid(string word) => IsGroup(word) ? GroupName().IsMatch(word[GroupPrefix.Length..]) : InstituteId.TryParse(word, out _);

    /// <summary>Whether a word names a group.</summary>
    public static bool IsGroup(string word) => word.StartsWith(GroupPrefix, StringComparison.Ordinal);

    /// <summary>The institutes among valid words, each once, in order.</summary>
    public static InstituteId[] Institutes(IEnumerable<string> words) =>
        [.. words.Where(word => !IsGroup(word)).Select(InstituteId.Parse).Distinct().Order()];

    /// <summary>The groups among valid words, each once, in order.</summary>
    public static string[] Groups(IEnumerable<string> words) =>
        [.. words.Where(IsGroup).Select(word => word[GroupPrefix.Length..]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The words for institutes and groups.</summary>
    public static IEnumerable<string> Of(IEnumerable<InstituteId> institutes, IEnumerable<string> groups) =>
        institutes.Select(institute => institute.ToString()).Concat(groups.Select(group => GroupPrefix + group));

    [GeneratedRegex("^[a-z0-9-]{2,32}\\z")]
    private static partial Regex GroupName();
}
