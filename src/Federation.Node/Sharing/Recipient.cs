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

    /// <summary>The institutes with which it is in a community whose list they, it and this institute have loaded alike.</summary>
    public IReadOnlySet<InstituteId> Fellows { get; init; } = FrozenSet<InstituteId>.Empty;

    /// <summary>Whether it verifies records that are passed on to it.</summary>
    public bool TakesForwarded { get; init; }

    /// <summary>The same recipient in other groups.</summary>
    public Recipient In(IReadOnlySet<string> groups) =>
        new() { Institute = Institute, Groups = groups, Fellows = Fellows, TakesForwarded = TakesForwarded };

    /// <summary>A recipient that is a member of the groups.</summary>
    public static Recipient Of(InstituteId institute, params ReadOnlySpan<string> groups) =>
        new() { Institute = institute, Groups = groups.ToArray().ToFrozenSet(StringComparer.Ordinal) };
}
