using Federation.Protocol.Records;

namespace Federation.Protocol.Merkle;

/// <summary>Where two copies of a tree differ first.</summary>
/// <param name="FirstLeaf">The first leaf under the hashes that differ.</param>
/// <param name="Leaves">How many leaves they stand for: 1, or more if one copy knows no smaller hash, or its smaller ones do not give the larger.</param>
/// <param name="Ours">The hash in our copy.</param>
/// <param name="Theirs">The hash in the other.</param>
public readonly record struct TreeDifference(ulong FirstLeaf, ulong Leaves, Digest Ours, Digest Theirs);
