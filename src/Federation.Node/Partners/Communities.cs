using System.Collections.Frozen;
using Federation.Node.Storage;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;

namespace Federation.Node.Partners;

/// <summary>
/// The community lists in force at this node: those on which it stands itself, under its own root. Immutable. A list counts between institutes
/// only where each of them stands on it under the root by which the others know it, and has loaded the same.
/// </summary>
internal sealed class Communities
{
    private readonly Dictionary<Digest, CommunityList> lists;

    /// <summary>Takes the loaded lists on which an institute stands.</summary>
    public Communities(CommunityState state, InstituteId self, Digest selfRoot)
    {
        Number = state.Number;
        lists = state.Lists.Select(stored => stored.List).Where(list => list.Has(self, selfRoot)).DistinctBy(list => list.Digest)
            .ToDictionary(list => list.Digest);
    }

    /// <summary>No lists.</summary>
    public static Communities None { get; } = new(new CommunityState(0, []), default, Digest.Zero);

    /// <summary>The number of the latest change of a list or an announcement.</summary>
    public long Number { get; }

    /// <summary>The digests of the lists on which a partner stands, in ascending order: what it is told of this node's lists.</summary>
    public IReadOnlyList<Digest> With(InstituteId partner, Digest root) =>
        [.. lists.Values.Where(list => list.Has(partner, root)).Select(list => list.Digest).OrderBy(digest => digest.ToString(), StringComparer.Ordinal)];

    /// <summary>The lists that a partner has loaded too and stands on.</summary>
    public IReadOnlyList<CommunityList> Common(StoredPartner partner) =>
        [.. partner.Communities.Distinct().Where(digest => lists.TryGetValue(digest, out var list) && list.Has(partner.Institute, partner.RootFingerprint))
            .Select(digest => lists[digest])];

    /// <summary>The partners with which a partner has a list in common: of them it may be given what their handling opens to a community.</summary>
    public IReadOnlySet<InstituteId> FellowsOf(StoredPartner partner, IReadOnlyList<StoredPartner> partners)
    {
        var common = Common(partner).Select(list => list.Digest).ToHashSet();
        if (common.Count == 0)
            return FrozenSet<InstituteId>.Empty;
        return partners.Where(other => other.Number != partner.Number && Common(other).Any(list => common.Contains(list.Digest)))
            .Select(other => other.Institute).ToFrozenSet();
    }

    /// <summary>The root under which an institute stands on the lists on which a sender stands too; null if on none, or under different ones.</summary>
    public Digest? RootBeside(InstituteId sender, Digest senderRoot, InstituteId institute)
    {
        Digest? found = null;
        foreach (var list in lists.Values.Where(list => list.Has(sender, senderRoot)))
        {
            if (list.RootOf(institute) is not { } root)
                continue;
            if (found is { } other && other != root)
                return null;
            found = root;
        }

        return found;
    }
}
