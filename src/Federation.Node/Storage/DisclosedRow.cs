using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>The latest entry of one record in one partner's ledger.</summary>
/// <param name="Rec">The record's local number.</param>
/// <param name="Partner">The partner's number.</param>
/// <param name="Seq">The entry's sequence number.</param>
/// <param name="Operation">What the entry does (1 DISCLOSE, 2 WITHDRAW, 3 ERASE).</param>
/// <param name="Vrev">The record's revision in this ledger.</param>
/// <param name="StatementHash">The statement's hash; zero unless the operation is DISCLOSE.</param>
/// <param name="FirstSeq">The sequence number of the record's first DISCLOSE in this ledger.</param>
/// <param name="NeverSent">Whether no DISCLOSE of the record was signed when it was taken back: the entry goes out as a bare hash, for good.</param>
/// <param name="Opened">Of a copy that is passed on: the digest of the ids of the parts that were opened; zero for an own record.</param>
internal readonly record struct DisclosedRow(
    long Rec, int Partner, ulong Seq, byte Operation, uint Vrev, Digest StatementHash, ulong FirstSeq, bool NeverSent, Digest Opened = default)
{
    /// <summary>
    /// The entry was got back from the partner and stands while the record's change number is at most this: the partner holds what this node
    /// lost. 0 for every other entry.
    /// </summary>
    public long StandsN { get; init; }

    /// <summary>The shape of what the partner holds under such an entry; null if that is not known, or nothing.</summary>
    public byte[]? HeldShape { get; init; }
}
