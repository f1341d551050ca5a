using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>One membership of a group of institutes; every one that ever was is kept.</summary>
/// <param name="Name">The group's name.</param>
/// <param name="Epoch">The epoch of the membership, from 1.</param>
/// <param name="Number">Counts the changes of all groups, from 1.</param>
/// <param name="Members">The members, in order; an empty group shares with nobody.</param>
/// <param name="Author">The client that set it.</param>
/// <param name="AtMs">When it was set, in milliseconds since 1970-01-01 UTC.</param>
internal sealed record StoredGroup(string Name, long Epoch, long Number, IReadOnlyList<InstituteId> Members, string Author, long AtMs)
{
    /// <summary>The names of the groups that an institute was in, given every membership of every group up to a number.</summary>
    public static IReadOnlySet<string> Of(InstituteId institute, IEnumerable<StoredGroup> memberships, long upTo = long.MaxValue)
    {
        var groups = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var membership in memberships.Where(m => m.Number <= upTo).OrderBy(m => m.Number))
        {
            if (membership.Members.Contains(institute))
                groups.Add(membership.Name);
            else
                groups.Remove(membership.Name);
        }

        return groups;
    }
}
