namespace Federation.Node.Storage;

/// <summary>What a recovery wrote.</summary>
/// <param name="Entries">The entries that were got back.</param>
/// <param name="Restored">The records that were made anew.</param>
/// <param name="Erased">The own records that were erased, since the lost entries say so.</param>
internal sealed record RecoveryOutcome(long Entries, int Restored, int Erased);
