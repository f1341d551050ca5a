namespace Federation.Node.Storage;

/// <summary>One entry of a stretch: the latest of its record.</summary>
/// <param name="Latest">The entry as the latest of its record.</param>
/// <param name="Record">The record, with its body if the entry is a DISCLOSE.</param>
/// <param name="Signature">The signature under the view, if it is forwardable.</param>
internal sealed record StretchEntry(DisclosedRow Latest, StoredRecord Record, byte[]? Signature)
{
    /// <summary>The entry.</summary>
    public LedgerEntry Entry => new(Latest.Seq, Latest.Operation, Latest.Rec, Latest.Vrev, Latest.StatementHash);
}
