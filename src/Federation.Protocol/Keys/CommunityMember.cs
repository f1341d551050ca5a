using Federation.Protocol.Records;

namespace Federation.Protocol.Keys;

/// <summary>One institute on a community list.</summary>
/// <param name="Institute">The institute.</param>
/// <param name="Root">The fingerprint of its root key.</param>
public readonly record struct CommunityMember(InstituteId Institute, Digest Root);
