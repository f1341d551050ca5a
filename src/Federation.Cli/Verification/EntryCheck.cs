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
        if (leaf.Operation == LedgerOperation.Disclose)
            CheckView(leaf, (item.Statement, item.Signature, item.Openings), origin, keys, forwarded);
        else if (item.Statement.Length + item.Signature.Length + item.Openings.Length != 0)
            throw new LedgerFaultException($"Entry {seq} discloses nothing and carries a statement.");
    }

    /// <summary>
    /// Checks the view of a DISCLOSE against its leaf. One that is passed on is signed by its origin and may leave parts unopened; without that
    /// origin's keys the signature proves nothing, and the finding says so.
    /// </summary>
    public static Statement CheckView(
        in Leaf leaf, (ReadOnlyMemory<byte> Statement, ReadOnlyMemory<byte> Signature, ReadOnlyMemory<byte> Openings) view, InstituteId origin, KeyRing keys,
        ForwardedOrigins forwarded)
    {
        var (seq, passedOn) = (leaf.Seq, leaf.Origin != origin);
        if (passedOn && view.Signature.IsEmpty)
            throw new LedgerFaultException($"Entry {seq} is of a record of {leaf.Origin}, in a ledger of {origin}, and {leaf.Origin} has not signed it.");
        if (Digest.Sha256(view.Statement.Span) != leaf.StatementHash)
            throw new LedgerFaultException($"Entry {seq} carries another statement than its leaf names.");
        if (!Statement.TryDecode(view.Statement.Span, out var statement, out var error))
            throw new LedgerFaultException($"Entry {seq}: {error}");
        if (statement.Origin != leaf.Origin || statement.Record != leaf.Record)
            throw new LedgerFaultException($"Entry {seq} carries a statement about another record.");
        if (!Openings.TryDecode(view.Openings, out var openings, out error) || !StatementCheck.TryOpen(statement, openings, out error, requireAll: !passedOn))
            throw new LedgerFaultException($"Entry {seq}: {error}");
        if (openings.Count == 0 || openings[0].Part != 0)
            throw new LedgerFaultException($"Entry {seq} does not open its envelope.");
        var signers = passedOn ? forwarded.KeysFor(leaf.Origin) : keys;
        if (signers is not null && !view.Signature.IsEmpty
            && !signers.Verify(KeyPurpose.Statement, Statement.PaeType, view.Statement.Span, view.Signature.Span))
        {
            throw new LedgerFaultException($"Entry {seq}: its statement is not signed by an active statement key of {statement.Origin}.");
        }
        return statement;
    }
}
