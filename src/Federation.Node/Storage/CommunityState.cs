namespace Federation.Node.Storage;

/// <summary>The community lists that operators loaded, as of one moment.</summary>
/// <param name="Number">Counts every change of a list, and of what a partner says of its own lists.</param>
/// <param name="Lists">The lists, in the order of names.</param>
internal sealed record CommunityState(long Number, IReadOnlyList<StoredCommunity> Lists);
