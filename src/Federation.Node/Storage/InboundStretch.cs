namespace Federation.Node.Storage;

/// <summary>A stretch of a followed ledger as it was applied.</summary>
/// <param name="Row">The follower's state.</param>
/// <param name="Leaves">The entries from the size asked for: 78 bytes for an entry, 32 for one known by its hash only.</param>
/// <param name="Records">The records whose latest entry lies in the stretch, with their bodies, by sequence number.</param>
internal sealed record InboundStretch(FollowRow Row, IReadOnlyList<byte[]> Leaves, IReadOnlyDictionary<ulong, (StoredRecord Record, byte[] Signature)> Records);
