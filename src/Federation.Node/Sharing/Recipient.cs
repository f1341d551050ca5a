using System.Collections.Frozen;
using Federation.Protocol.Records;

namespace Federation.Node.Sharing;

/// <summary>Whom a decision is for.</summary>
internal sealed class Recipient
{
    /// <summary>The partner's institute.</summary>
    public required InstituteId Institute { get; init; }

    /// <summary>The names of the groups that it is a member of now.</summary>
    public required IReadOnlySet<string> Groups { get; init; }

    /// <summary>A recipient that is a member of the groups.</summary>
    public static Recipient Of(InstituteId institute, params ReadOnlySpan<string> groups) =>
        new() { Institute = institute, Groups = groups.ToArray().ToFrozenSet(StringComparer.Ordinal) };
}
