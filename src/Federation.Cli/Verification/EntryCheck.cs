using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;

namespace Federation.Cli.Verification;

/// <summary>Checks that an entry's statement and openings are those that its leaf commits to.</summary>
internal static class EntryCheck
{
    public static void Check(in BatchItem item, InstituteId origin, ulong seq, KeyRing keys, ForwardedOrigins forwarded)
    {
        var leaf = item.Leaf;
        if (leaf.Seq != seq)
            throw new LedgerFaultException($"Entry {seq} says that it is entry {leaf.Seq}.");
        var passedOn = leaf.Origin != origin;
        if (passedOn && leaf.Operation == LedgerOperation.Disclose && item.Signature.IsEmpty)
            throw new LedgerFaultException($"Entry {seq} is of a record of {leaf.Origin}, in a ledger of {origin}, and {leaf.Origin} has not signed it.");
        if (leaf.Operation == LedgerOperation.Disclose)
            CheckView(leaf, item.Statement, item.Signature, item.Openings, passedOn ? forwarded.KeysFor(leaf.Origin) : keys, passedOn);
        else if (item.Statement.Length + item.Signature.Length + item.Openings.Length != 0)
            throw new LedgerFaultException($"Entry {seq} discloses nothing and carries a statement.");
    }

    /// <summary>
    /// Checks the view of a DISCLOSE against its leaf. Without the keys of an origin whose record is passed on its signature proves nothing, and
    /// the finding says so.
    /// </summary>
    public static Statement CheckView(
        in Leaf leaf, ReadOnlyMemory<byte> statementBytes, ReadOnlyMemory<byte> signature, ReadOnlyMemory<byte> openingBytes, KeyRing? keys, bool passedOn = false)
    {
        var seq = leaf.Seq;
        if (Digest.Sha256(statementBytes.Span) != leaf.StatementHash)
            throw new LedgerFaultException($"Entry {seq} carries another statement than its leaf names.");
        if (!Statement.TryDecode(statementBytes.Span, out var statement, out var error))
            throw new LedgerFaultException($"Entry {seq}: {error}");
        if (statement.Origin != leaf.Origin || statement.Record != leaf.Record)
            throw new LedgerFaultException($"Entry {seq} carries a statement about another record.");
        if (!Openings.TryDecode(openingBytes, out var openings, out error) || !StatementCheck.TryOpen(statement, openings, out error, requireAll: !passedOn))
            throw new LedgerFaultException($"Entry {seq}: {error}");
        if (openings.Count == 0 || openings[0].Part != 0)
            throw new LedgerFaultException($"Entry {seq} does not open its envelope.");
        if (keys is not null && !signature.IsEmpty && !keys.Verify(KeyPurpose.Statement, Statement.PaeType, statementBytes.Span, signature.Span))
            throw new LedgerFaultException($"Entry {seq}: its statement is not signed by an active statement key of {statement.Origin}.");
        return statement;
    }
}
