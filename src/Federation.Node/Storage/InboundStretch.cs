namespace Federation.Node.Storage;

/// <summary>A stretch of a followed ledger as it was applied.</summary>
/// <param name="Row">The follower's state.</param>
/// <param name="Items">The stored pieces from the one on that contains the sequence number asked for, without gaps.</param>
/// <param name="Records">The records whose latest entry lies in the stretch, with their bodies, by sequence number.</param>
internal sealed record InboundStretch(FollowRow Row, IReadOnlyList<HeldItem> Items, IReadOnlyDictionary<ulong, (StoredRecord Record, byte[] Signature)> Records);
