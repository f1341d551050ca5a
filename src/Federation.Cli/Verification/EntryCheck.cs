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
            CheckView(item, seq, keys);
        else if (item.Statement.Length + item.Signature.Length + item.Openings.Length != 0)
            throw new LedgerFaultException($"Entry {seq} discloses nothing and carries a statement.");
    }

    private static void CheckView(in BatchItem item, ulong seq, KeyRing keys)
    {
        if (Digest.Sha256(item.Statement.Span) != item.Leaf.StatementHash)
            throw new LedgerFaultException($"Entry {seq} carries another statement than its leaf names.");
        if (!Statement.TryDecode(item.Statement.Span, out var statement, out var error))
            throw new LedgerFaultException($"Entry {seq}: {error}");
        if (statement.Origin != item.Leaf.Origin || statement.Record != item.Leaf.Record)
            throw new LedgerFaultException($"Entry {seq} carries a statement about another record.");
        if (!Openings.TryDecode(item.Openings, out var openings, out error) || !StatementCheck.TryOpen(statement, openings, out error))
            throw new LedgerFaultException($"Entry {seq}: {error}");
        if (!item.Signature.IsEmpty && !keys.Verify(KeyPurpose.Statement, Statement.PaeType, item.Statement.Span, item.Signature.Span))
            throw new LedgerFaultException($"Entry {seq}: its statement is not signed by an active statement key of {statement.Origin}.");
    }
}
