using Federation.Protocol.Keys;

namespace Federation.Node.Storage;

/// <summary>Loads a community list, in the place of an earlier one of the same name.</summary>
internal sealed record CommunityWrite(CommunityList List, string Author, long NowMs);
