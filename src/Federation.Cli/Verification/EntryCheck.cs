using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;

namespace Federation.Cli.Verification;

/// <summary>Checks that an entry's statement and openings are those that its leaf commits to.</summary>
internal static class EntryCheck
{
    public static void Check(in BatchItem item, InstituteId origin, ulong seq, KeyRing keys)
    {
        var leaf = item.Leaf;
        if (leaf.Seq != seq)
            throw new LedgerFaultException($"Entry {seq} says that it is entry {leaf.Seq}.");
        if (leaf.Origin != origin)
            throw new LedgerFaultException($"Entry {seq} is of a record of {leaf.Origin}, in a ledger of {origin}.");
        if (leaf.Operation == LedgerOperation.Disclose)
            CheckView(leaf, item.Statement, item.Signature, item.Openings, keys);
        else if (item.Statement.Length + item.Signature.Length + item.Openings.Length != 0)
            throw new LedgerFaultException($"Entry {seq} discloses nothing and carries a statement.");
    }

    /// <summary>Checks the view of a DISCLOSE against its leaf.</summary>
    public static Statement CheckView(
        in Leaf leaf, ReadOnlyMemory<byte> statementBytes, ReadOnlyMemory<byte> signature, ReadOnlyMemory<byte> openingBytes, KeyRing keys)
    {
        var seq = leaf.Seq;
        if (Digest.Sha256(statementBytes.Span) != leaf.StatementHash)
            throw new LedgerFaultException($"Entry {seq} carries another statement than its leaf names.");
        if (!Statement.TryDecode(statementBytes.Span, out var statement, out var error))
            throw new LedgerFaultException($"Entry {seq}: {error}");
        if (statement.Origin != leaf.Origin || statement.Record != leaf.Record)
            throw new LedgerFaultException($"Entry {seq} carries a statement about another record.");
        if (!Openings.TryDecode(openingBytes, out var openings, out error) || !StatementCheck.TryOpen(statement, openings, out error))
            throw new LedgerFaultException($"Entry {seq}: {error}");
        if (!signature.IsEmpty && !keys.Verify(KeyPurpose.Statement, Statement.PaeType, statementBytes.Span, signature.Span))
            throw new LedgerFaultException($"Entry {seq}: its statement is not signed by an active statement key of {statement.Origin}.");
        return statement;
    }
}
