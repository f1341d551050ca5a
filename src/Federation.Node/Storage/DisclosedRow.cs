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
internal readonly record struct DisclosedRow(
    long Rec, int Partner, ulong Seq, byte Operation, uint Vrev, Digest StatementHash, ulong FirstSeq, bool NeverSent);
