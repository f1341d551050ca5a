namespace Federation.Node.Storage;

/// <summary>What a copy of the store holds, all of one moment.</summary>
/// <param name="Schema">The version of the schema.</param>
/// <param name="LastChange">The highest change number.</param>
/// <param name="Records">The number of records, own and received, with tombstones.</param>
/// <param name="Keys">The number of records whose keys are held.</param>
/// <param name="Ledgers">How far each ledger had come.</param>
internal sealed record BackupContent(int Schema, long LastChange, long Records, long Keys, IReadOnlyList<BackupLedger> Ledgers)
{
    /// <summary>Whether another copy holds the same, by these figures.</summary>
    public bool Matches(BackupContent other) => this with { Ledgers = [] } == other with { Ledgers = [] } && Ledgers.SequenceEqual(other.Ledgers);
}
