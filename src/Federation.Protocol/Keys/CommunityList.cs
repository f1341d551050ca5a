using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Federation.Protocol.Records;

namespace Federation.Protocol.Keys;

/// <summary>
/// A named list of institutes within which records may be passed on: <c>"FED-COMMUNITY/1" | len u8, name | n u16 | n × { origin16 |
/// root32 }</c>, big-endian, in the order of institute ids. Two institutes have the same list if its digest is the same. Immutable.
/// </summary>
public sealed class CommunityList
{
    /// <summary>The most members of a list.</summary>
    public const int MaxMembers = 256;

    /// <summary>The fewest characters of a name.</summary>
    public const int MinNameLength = 2;

    /// <summary>The most characters of a name.</summary>
    public const int MaxNameLength = 32;

    private const int MemberSizeBytes = InstituteId.SizeBytes + Records.Digest.SizeBytes;

    private readonly SortedDictionary<InstituteId, Digest> _roots;

    private CommunityList(string name, SortedDictionary<InstituteId, Digest> roots)
    {
        Name = name;
        _roots = roots;
        Digest = Digest.Sha256(Encode());
    }

    /// <summary>The list's name, 2 to 32 of [a-z0-9-].</summary>
    public string Name { get; }

    /// <summary>The members in the order of their ids.</summary>
    public IEnumerable<CommunityMember> Members => _roots.Select(pair => new CommunityMember(pair.Key, pair.Value));

    /// <summary>The number of members.</summary>
    public int Count => _roots.Count;

    /// <summary>SHA-256 of the encoded list.</summary>
    public Digest Digest { get; }

    private static ReadOnlySpan<byte> Prefix => "FED-COMMUNITY/1"u8;

    /// <summary>Makes a list; false, with a sentence in <paramref name="error"/>, for a bad name, too many members, or one that is named twice.</summary>
    public static bool TryCreate(string name, IEnumerable<CommunityMember> members, [NotNullWhen(true)] out CommunityList? list, out string error)
    {
        list = null;
        if (name.Length is < MinNameLength or > MaxNameLength || name.Any(letter => !(char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')))
            return Refuse($"A list's name is {MinNameLength} to {MaxNameLength} characters of a-z, 0-9 and '-'.", out error);
        var roots = new SortedDictionary<InstituteId, Digest>();
        foreach (var member in members)
        {
            if (member.Institute.IsEmpty || member.Root.IsZero)
                return Refuse("A member has an institute id and the fingerprint of its root key.", out error);
            if (!roots.TryAdd(member.Institute, member.Root))
                return Refuse($"{member.Institute} is on the list twice.", out error);
            if (roots.Count > MaxMembers)
                return Refuse($"A list has at most {MaxMembers} members.", out error);
        }
        list = new CommunityList(name, roots);
        error = "";
        return true;
    }

    /// <summary>Decodes exactly <paramref name="bytes"/>; false, with a sentence in <paramref name="error"/>, for anything but an encoded list.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out CommunityList? list, out string error)
    {
        list = null;
        if (!bytes.StartsWith(Prefix) || bytes.Length < Prefix.Length + 1)
            return Refuse("A community list starts with FED-COMMUNITY/1.", out error);
        var rest = bytes[(Prefix.Length + 1)..];
        var nameLength = bytes[Prefix.Length];
        if (rest.Length < nameLength + 2)
            return Refuse("The list is cut short.", out error);
        var name = Encoding.ASCII.GetString(rest[..nameLength]);
        var count = BinaryPrimitives.ReadUInt16BigEndian(rest[nameLength..]);
        rest = rest[(nameLength + 2)..];
        if (rest.Length != count * MemberSizeBytes)
            return Refuse("The list's length does not match its number of members.", out error);
        var members = new List<CommunityMember>(count);
        for (; !rest.IsEmpty; rest = rest[MemberSizeBytes..])
        {
            if (!InstituteId.TryRead(rest, out var institute) || (members.Count > 0 && institute <= members[^1].Institute))
                return Refuse("The members of a list are institutes in strictly ascending order.", out error);
            members.Add(new CommunityMember(institute, Digest.Read(rest[InstituteId.SizeBytes..])));
        }
        return TryCreate(name, members, out list, out error);
    }

    /// <summary>The fingerprint of a member's root; null for who is not on the list.</summary>
    public Digest? RootOf(InstituteId institute) => _roots.TryGetValue(institute, out var root) ? root : null;

    /// <summary>Whether the institute is on the list, under this root.</summary>
    public bool Has(InstituteId institute, Digest root) => _roots.TryGetValue(institute, out var listed) && listed == root;

    /// <summary>The list's bytes.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[Prefix.Length + 1 + Name.Length + 2 + _roots.Count * MemberSizeBytes];
        Prefix.CopyTo(bytes);
        var rest = bytes.AsSpan(Prefix.Length);
        rest[0] = (byte)Name.Length;
        Encoding.ASCII.GetBytes(Name, rest[1..]);
        rest = rest[(1 + Name.Length)..];
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)_roots.Count);
        rest = rest[2..];
        foreach (var (institute, root) in _roots)
        {
            institute.Write(rest);
            root.Write(rest[InstituteId.SizeBytes..]);
            rest = rest[MemberSizeBytes..];
        }
        return bytes;
    }

    private static bool Refuse(string reason, out string error)
    {
        error = reason;
        return false;
    }
}
