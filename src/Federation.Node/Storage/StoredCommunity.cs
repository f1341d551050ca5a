using Federation.Protocol.Keys;

namespace Federation.Node.Storage;

/// <summary>One community list as an operator loaded it.</summary>
internal sealed record StoredCommunity(CommunityList List, string Author, long AtMs);
