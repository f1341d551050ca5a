using Federation.Node.Storage;
using Federation.Protocol.Records;

namespace Federation.Node.Partners;

/// <summary>Every partner at one moment.</summary>
internal sealed class Roster
{
    private readonly Dictionary<InstituteId, Partner> byInstitute;
    private readonly Dictionary<int, Partner> byNumber;
    private readonly Dictionary<Digest, Partner> byTlsKey = [];

    public Roster(IReadOnlyList<Partner> partners, IReadOnlyList<StoredGroup> groups, Communities communities)
    {
        Communities = communities;
        Partners = partners;
        Groups = groups;
        byInstitute = partners.ToDictionary(p => p.Institute);
        byNumber = partners.ToDictionary(p => p.Number);
        foreach (var partner in partners)
        {
            foreach (var key in partner.Keys.TlsKeys)
                byTlsKey[Digest.Sha256(key.Span)] = partner;
        }
    }

    /// <summary>The partners in the order of their numbers.</summary>
    public IReadOnlyList<Partner> Partners { get; }

    /// <summary>The groups with their present members, in the order of names.</summary>
    public IReadOnlyList<StoredGroup> Groups { get; }

    /// <summary>The community lists in force.</summary>
    public Communities Communities { get; }

    /// <summary>The names of the groups that exist.</summary>
    public IReadOnlySet<string> GroupNames => Groups.Select(group => group.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>The partner of an institute, or null.</summary>
    public Partner? Find(InstituteId institute) => byInstitute.GetValueOrDefault(institute);

    /// <summary>The partner of a number, or null.</summary>
    public Partner? Find(int number) => byNumber.GetValueOrDefault(number);

    /// <summary>The partner whose manifest makes the TLS key of this digest valid, or null.</summary>
    public Partner? FindByTlsKeyDigest(Digest spkiDigest) => byTlsKey.GetValueOrDefault(spkiDigest);
}
