namespace Federation.Node.Storage;

/// <summary>By what the entries of one append were judged; another epoch, membership or community in the store refuses the batch.</summary>
/// <param name="Epoch">The partner's policy epoch.</param>
/// <param name="Membership">The number of the latest change of a group that concerned the partner; 0 means none.</param>
/// <param name="NowMs">The time by which embargoes were judged, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="Community">The number of the latest change of a community list or an announcement; not kept with the entries.</param>
internal readonly record struct DecisionContext(long Epoch, long Membership, long NowMs, long Community = 0);
