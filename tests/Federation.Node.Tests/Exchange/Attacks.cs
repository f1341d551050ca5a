using Federation.Node.Tests.Infrastructure;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;

namespace Federation.Node.Tests.Exchange;

/// <summary>What an originator may try with a batch of two entries behind one that was applied.</summary>
internal static class Attacks
{
    private static readonly TestInstitute Other = new("xx");

    public static IReadOnlyDictionary<string, Attack> All { get; } = new Dictionary<string, Attack>
    {
        ["a value was changed"] = new("COMMITMENT_MISMATCH", b => b.Items[0] = ChangeValue(b.Items[0])),
        ["an opening is missing"] = new("COMMITMENT_MISMATCH", b => b.Items[0] = b.Items[0] with { Openings = [b.Items[0].Openings[0]] }),
        ["the statement was changed"] = new("STATEMENT_MISMATCH", b => b.Items[0] = b.Items[0] with { Statement = [.. b.Items[1].Statement] }),
        ["the statement names another commitment"] = new("COMMITMENT_MISMATCH", b => OtherCommitment(b)),
        ["the leaf was changed"] = new("ROOT_MISMATCH", b => b.Items[1] = b.Items[1] with { Leaf = b.Items[1].Leaf with { Vrev = 7 } }),
        ["the root is another"] = new("ROOT_MISMATCH", b => b.Head = b.Head with { Root = Digest.Sha256("another root"u8) }),
        ["the entries are swapped"] = new("LEAF_OUT_OF_ORDER", b => b.Items.Reverse()),
        ["the first entry is missing"] = new("LEAF_OUT_OF_ORDER", b => b.Items.RemoveAt(0)),
        ["the last entry is missing"] = new("SIZE_MISMATCH", b => b.Items.RemoveAt(1)),
        ["the batch begins elsewhere"] = new("FIRST_SEQ", b => b.FirstSeq = 0),
        ["the head is signed by another's key"] = new("BAD_HEAD_SIGNATURE", b => b.Key = Other.Heads),
        ["the head is of another ledger"] = new("WRONG_LEDGER", b => b.Head = b.Head with { Ledger = LedgerId.Parse("ffeeddccbbaa99887766554433221100") }),
        ["the head is of another incarnation"] = new("WRONG_INCARNATION", b => b.Head = b.Head with { Incarnation = 2 }),
        ["the head shrinks"] = new("HEAD_SHRINKS", b => b.Head = b.Head with { Size = 0, LiveCount = 0 }),
        ["the head's time goes back"] = new("HEAD_TIME_REGRESSES", b => b.Head = b.Head with { TimeMs = 1 }),
        ["an entry is of another origin"] = new("FOREIGN_ORIGIN", b => Replace(b, 1, HostileEntry.Flaw(Other, b.Items[1].Leaf.Record, "of another origin"))),
        ["a record is shown twice"] = new("RECORD_TWICE", b => Replace(b, 1, b.Items[0] with { Leaf = b.Items[0].Leaf with { Vrev = 2 } })),
        ["the live set is another"] = new("LIVE_SET_MISMATCH", b => b.Head = b.Head with { LiveDigest = Digest.Sha256("another set"u8) }),
        ["the live count is another"] = new("LIVE_SET_MISMATCH", b => b.Head = b.Head with { LiveCount = b.Head.LiveCount - 1 }),
        ["the items are garbage"] = new("MALFORMED_BATCH", b => b.Raw = [0, 2, 1, 2, 3]),
        ["the items announce more than there are"] = new("MALFORMED_BATCH", b => b.Raw = [255, 255, .. new byte[100]]),
        ["bytes follow the items"] = new("MALFORMED_BATCH", b => b.Raw = [.. b.ToResponse().Items.Span, 0]),
        ["a subtree stands where none begins"] = new("SUBTREE_MISPLACED", b => b.Raw = Subtree(b, entriesBefore: 1 - (int)(b.FirstSeq % 2))),
        ["a subtree hides what counts as live"] = new("LIVE_SET_MISMATCH", b => b.Raw = Subtree(b, entriesBefore: (int)(b.FirstSeq % 2))),
        ["a withdrawal carries a statement"] = new("STATEMENT_MISMATCH", b => Replace(b, 1, b.Items[1] with
        {
            Leaf = b.Items[1].Leaf with { Operation = LedgerOperation.Withdraw, StatementHash = Digest.Zero },
        })),
    };

    private static HostileEntry ChangeValue(HostileEntry entry)
    {
        var value = entry.Openings[1].Value.ToArray();
        value[^1] ^= 1;
        return entry with { Openings = [entry.Openings[0], entry.Openings[1] with { Value = value }] };
    }

    private static void OtherCommitment(HostileBatch batch)
    {
        var entry = batch.Items[0];
        Assert(Statement.TryDecode(entry.Statement, out var statement, out _));
        StatementPart[] parts = [statement!.Parts[0], statement.Parts[1] with { Commitment = Digest.Sha256("another"u8) }];
        var bytes = Statement.Encode(statement.Origin, statement.Record, statement.Kind, statement.Schema, parts);
        Replace(batch, 0, entry with { Statement = bytes, Leaf = entry.Leaf with { StatementHash = Digest.Sha256(bytes) } });
    }

    // Two entries behind one hash, which the tree is true to if a subtree of two may begin there.
    private static byte[] Subtree(HostileBatch batch, int entriesBefore)
    {
        var writer = new BatchWriter();
        var range = batch.RangeBefore();
        foreach (var entry in batch.Items.Take(entriesBefore))
        {
            writer.AddEntry(entry.Leaf, entry.Statement, entry.Signature, entry.Openings);
            range.Append(entry.Leaf.Hash(batch.Head.Ledger));
        }

        writer.AddOpaque(1, Digest.Sha256("two entries"u8));
        if (range.CanAppendSubtree(1))
            range.AppendSubtree(1, Digest.Sha256("two entries"u8));
        batch.Head = batch.Head with { Size = range.Size, Root = range.Root(), LiveCount = Math.Min(batch.Head.LiveCount, range.Size) };
        return writer.ToArray();
    }

    // A lie that the tree is true to: the head fits what is sent.
    private static void Replace(HostileBatch batch, int index, HostileEntry entry)
    {
        batch.Items[index] = entry with { Leaf = entry.Leaf with { Seq = batch.FirstSeq + (ulong)index } };
        batch.FitHead();
    }

    private static void Assert(bool holds) => Xunit.Assert.True(holds);
}
