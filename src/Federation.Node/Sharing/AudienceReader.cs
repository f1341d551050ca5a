using Federation.Protocol.Records;

namespace Federation.Node.Sharing;

/// <summary>Reads whom something is for: institutes and groups.</summary>
internal sealed class AudienceReader(IReadOnlySet<string>? groups, PolicyFaults faults)
{
    private static readonly string[] Keys = ["institutes", "groups"];

    private readonly string[] _known = [.. (groups ?? new HashSet<string>()).Order(StringComparer.Ordinal)];

    /// <summary>Reads an audience, which names somebody; the one of everyone if there is none.</summary>
    public Audience Read(PolicyNode? node)
    {
        if (node is null || PolicyMapping.Open(node, "'audience'", Keys, faults) is not { } audience)
            return Audience.Everyone;
        if (node.Entries.Count == 0)
            faults.Add(node, "'audience' names nobody; leave the key out, or name 'institutes' or 'groups'");
        return new Audience { Institutes = ReadInstitutes(audience.Find("institutes"), "institutes"), Groups = ReadGroups(audience.Find("groups")) };
    }

    /// <summary>Reads a list of institutes, sorted and each once.</summary>
    public IReadOnlyList<InstituteId> ReadInstitutes(PolicyNode? node, string key)
    {
        var list = PolicyValues.ReadList<InstituteId>(node, key, "institute", [], InstituteId.TryParse, faults);
        return [.. list.Select(entry => entry.Value).Distinct().Order()];
    }

    /// <summary>Reads a list of groups, sorted and each once; each has to exist, where it is known which do.</summary>
    public IReadOnlyList<string> ReadGroups(PolicyNode? node)
    {
        var list = PolicyValues.ReadList<string>(node, "groups", "group", _known, TryParseGroup, faults);
        return [.. list.Select(entry => entry.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private bool TryParseGroup(string text, out string group)
    {
        group = text;
        return UniqueNames.IsName(text) && (groups is null || groups.Contains(text));
    }
}
