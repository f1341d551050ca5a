using Federation.Protocol.Records;

namespace Federation.Node.Sharing;

/// <summary>Whom a record, a part or a rule is for: institutes, and whoever is a member of the groups at the moment of the decision.</summary>
internal sealed class Audience
{
    /// <summary>The audience that restricts nothing and names nobody.</summary>
    public static Audience Everyone { get; } = new() { Institutes = [], Groups = [] };

    /// <summary>The institutes.</summary>
    public required IReadOnlyList<InstituteId> Institutes { get; init; }

    /// <summary>The names of the groups.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>Whether nothing stands in it. An audience of groups without members is not empty and admits nobody.</summary>
    public bool IsEmpty => Institutes.Count == 0 && Groups.Count == 0;

    /// <summary>An audience of institutes alone.</summary>
    public static Audience Of(params ReadOnlySpan<InstituteId> institutes) =>
        institutes.IsEmpty ? Everyone : new Audience { Institutes = institutes.ToArray(), Groups = [] };

    /// <summary>Whether it names the recipient, as an institute or through a group; an empty audience names nobody.</summary>
    public bool Names(Recipient recipient)
    {
        if (NamesItself(recipient))
            return true;
        for (var i = 0; i < Groups.Count; i++)
        {
            if (recipient.Groups.Contains(Groups[i]))
                return true;
        }
        return false;
    }

    /// <summary>Whether it names the recipient as an institute, which TLP:RED asks for.</summary>
    public bool NamesItself(Recipient recipient)
    {
        for (var i = 0; i < Institutes.Count; i++)
        {
            if (Institutes[i] == recipient.Institute)
                return true;
        }
        return false;
    }

    /// <summary>Whether the recipient is admitted: the audience is empty or names it.</summary>
    public bool Admits(Recipient recipient) => IsEmpty || Names(recipient);

    /// <summary>Whether whoever the other admits is admitted here too, whatever the groups' members are.</summary>
    public bool Covers(Audience other) =>
        IsEmpty || (!other.IsEmpty && other.Institutes.All(Institutes.Contains) && other.Groups.All(Groups.Contains));
}
