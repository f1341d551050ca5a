using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.Protocol.Tests.Infrastructure;

namespace Federation.Protocol.Tests.Heads;

/// <summary>Entries that an originator signed into its tree although they are wrong.</summary>
public class EntryVerificationTests
{
    private static readonly InstituteId Foreign = InstituteId.Parse("beta-lab");

    private readonly TestKeys _keys = new();
    private readonly TestLedger _ledger;
    private readonly byte[] _statement;
    private readonly List<Opening> _openings;
    private readonly Leaf _leaf;

    public EntryVerificationTests()
    {
        _ledger = new TestLedger(_keys);
        (_statement, _openings) = TestLedger.View(TestLedger.Record(1), "envelope"u8.ToArray(), "a part"u8.ToArray(), "another"u8.ToArray());
        _leaf = new Leaf(LedgerOperation.Disclose, 0, TestKeys.Institute, TestLedger.Record(1), 1, Digest.Sha256(_statement));
    }

    [Fact]
    public void An_entry_as_it_should_be_is_accepted()
    {
        Assert.Null(FailureOf(_leaf, _statement, [], _openings));
    }

    [Fact]
    public void An_entry_of_another_originator_is_refused()
    {
        Assert.Equal(VerificationFailure.ForeignOrigin, FailureOf(_leaf with { Origin = Foreign }, _statement, [], _openings));
    }

    [Fact]
    public void Invariant_I22_an_entry_of_another_originator_is_accepted_under_its_signature_alone()
    {
        var origin = new TestKeys();
        var (statement, openings, leaf) = Forwarded();
        var signature = origin.Statement.Sign(Statement.PaeType, statement);
        var verifier = new LedgerVerifier(origins: institute => institute == Foreign ? origin.Ring() : null);

        Assert.Null(FailureOf(leaf, statement, signature, openings, verifier));
        Assert.Null(FailureOf(leaf, statement, signature, [openings[0], openings[2]], verifier));
        Assert.Equal(VerificationFailure.CommitmentMismatch, FailureOf(leaf, statement, signature, openings[1..], verifier));
        Assert.Equal(VerificationFailure.CommitmentMismatch, FailureOf(leaf, statement, signature, [], verifier));
        Assert.Equal(VerificationFailure.ForeignOrigin, FailureOf(leaf, statement, [], openings, verifier));
        Assert.Equal(VerificationFailure.ForeignOrigin, FailureOf(leaf, statement, _keys.Statement.Sign(Statement.PaeType, statement), openings, verifier));
        Assert.Equal(VerificationFailure.ForeignOrigin, FailureOf(leaf, statement, origin.Statement.Sign("another/type", statement), openings, verifier));
        Assert.Equal(VerificationFailure.ForeignOrigin, FailureOf(leaf, statement, origin.Head.Sign(Statement.PaeType, statement), openings, verifier));
        Assert.Equal(VerificationFailure.ForeignOrigin, FailureOf(leaf, statement, signature, openings));
        Assert.Equal(VerificationFailure.CommitmentMismatch, FailureOf(_leaf, _statement, [], [_openings[0], _openings[2]], verifier));
    }

    [Fact]
    public void An_entry_of_an_originator_whose_keys_are_not_at_hand_is_marked_as_unproven()
    {
        var (statement, openings, leaf) = Forwarded();
        var ledger = new TestLedger(_keys);
        ledger.Append(leaf, statement, [1, 2, 3], openings);
        ledger.Append(leaf with { Seq = 1, Operation = LedgerOperation.Withdraw, Vrev = 2, StatementHash = Digest.Zero }, [], [], []);
        var head = ledger.Head(2);

        var verdict = new LedgerVerifier(origins: _ => null).Verify(ledger.Position(0), ledger.Items(0, 2), head.Encode(), ledger.Sign(head), _keys.Ring());

        Assert.True(verdict.IsValid);
        Assert.Equal([EntryProvenance.ForwardedUnproven, EntryProvenance.Forwarded], verdict.Entries.Select(entry => entry.Provenance));
    }

    [Fact]
    public void A_statement_that_the_leaf_does_not_name_is_refused()
    {
        Assert.Equal(VerificationFailure.StatementMismatch, FailureOf(_leaf with { StatementHash = Digest.Sha256([]) }, _statement, [], _openings));
    }

    [Fact]
    public void A_statement_of_another_record_or_origin_is_refused()
    {
        Assert.Equal(VerificationFailure.StatementMismatch, FailureOf(_leaf with { Record = TestLedger.Record(2) }, _statement, [], _openings));
        Assert.True(Statement.TryDecode(_statement, out var statement, out _));
        var foreign = Statement.Encode(Foreign, statement.Record, statement.Kind, statement.Schema, statement.PartSpan);
        Assert.Equal(VerificationFailure.StatementMismatch, FailureOf(_leaf with { StatementHash = Digest.Sha256(foreign) }, foreign, [], _openings));
    }

    [Fact]
    public void A_malformed_statement_is_refused_although_the_leaf_names_it()
    {
        byte[] longer = [.. _statement, 0];
        Assert.Equal(VerificationFailure.StatementMismatch, FailureOf(_leaf with { StatementHash = Digest.Sha256(longer) }, longer, [], _openings));
        Assert.Equal(VerificationFailure.StatementMismatch, FailureOf(_leaf with { StatementHash = Digest.Sha256([]) }, [], [], _openings));
    }

    [Fact]
    public void Openings_that_are_missing_changed_or_too_many_are_refused()
    {
        var (_, others) = TestLedger.View(TestLedger.Record(1), "envelope"u8.ToArray(), "another value"u8.ToArray(), "another"u8.ToArray());
        var extra = new Opening(ulong.MaxValue, 1, "more"u8.ToArray());
        Assert.Equal(VerificationFailure.CommitmentMismatch, FailureOf(_leaf, _statement, [], []));
        Assert.Equal(VerificationFailure.CommitmentMismatch, FailureOf(_leaf, _statement, [], _openings[..2]));
        Assert.Equal(VerificationFailure.CommitmentMismatch, FailureOf(_leaf, _statement, [], [_openings[0], others[1], _openings[2]]));
        Assert.Equal(VerificationFailure.CommitmentMismatch, FailureOf(_leaf, _statement, [], [.. _openings, extra]));
        Assert.Equal(VerificationFailure.CommitmentMismatch, FailureOf(_leaf, _statement, [], [.. _openings[..2], extra]));
        Assert.Equal(VerificationFailure.CommitmentMismatch, FailureOf(_leaf, _statement, [], [_openings[0], _openings[2], _openings[1]]));
    }

    [Fact]
    public void A_withdrawal_that_carries_anything_is_refused()
    {
        var withdraw = _leaf with { Operation = LedgerOperation.Withdraw, StatementHash = default };
        Assert.Null(FailureOf(withdraw, [], [], []));
        Assert.Equal(VerificationFailure.StatementMismatch, FailureOf(withdraw, _statement, [], []));
        Assert.Equal(VerificationFailure.StatementMismatch, FailureOf(withdraw, [], [1], []));
        Assert.Equal(VerificationFailure.StatementMismatch, FailureOf(withdraw, [], [], _openings));
    }

    [Fact]
    public void A_statement_signature_counts_only_where_it_was_asked_for()
    {
        var good = _keys.Statement.Sign(Statement.PaeType, _statement);
        var byHeadKey = _keys.Head.Sign(Statement.PaeType, _statement);
        var asked = new LedgerVerifier(checkStatementSignatures: true);
        Assert.Null(FailureOf(_leaf, _statement, good, _openings, asked));
        Assert.Null(FailureOf(_leaf, _statement, [], _openings, asked));
        Assert.Null(FailureOf(_leaf, _statement, byHeadKey, _openings));
        Assert.Equal(VerificationFailure.StatementSignatureInvalid, FailureOf(_leaf, _statement, byHeadKey, _openings, asked));
    }

    [Fact]
    public void Every_flipped_bit_of_a_batch_is_refused()
    {
        _ledger.Disclose(1, signed: true);
        _ledger.Disclose(2);
        _ledger.Disclose(3);
        _ledger.Withdraw(2, 2);
        _ledger.Erase(3, 2);
        var items = _ledger.Items(0, 5, seq => seq == 1 ? 0 : -1);
        var head = _ledger.Head(5).Encode();
        var signature = _ledger.Sign(_ledger.Head(5));
        var verifier = new LedgerVerifier(checkStatementSignatures: true);
        var position = _ledger.Position(0);
        var ring = _keys.Ring();
        Assert.True(verifier.Verify(position, items, head, signature, ring).IsValid);
        foreach (var bytes in new[] { items, head, signature })
        {
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.False(verifier.Verify(position, items, head, signature, ring).IsValid, $"Bit {bit} of {bytes.Length} bytes was flipped.");
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
        Assert.True(verifier.Verify(position, items, head, signature, ring).IsValid);
    }

    [Fact]
    public void Every_truncation_of_a_batch_is_refused()
    {
        _ledger.Disclose(1, signed: true);
        _ledger.Withdraw(1, 2);
        var items = _ledger.Items(0, 2);
        var head = _ledger.Head(2);
        var ring = _keys.Ring();
        for (var length = 0; length < items.Length; length++)
            Assert.False(new LedgerVerifier().Verify(_ledger.Position(0), items.AsMemory(0, length), head.Encode(), _ledger.Sign(head), ring).IsValid);
    }

    private static (byte[] Statement, List<Opening> Openings, Leaf Leaf) Forwarded()
    {
        var record = TestLedger.Record(7);
        var parts = new List<StatementPart>();
        var openings = new List<Opening>();
        byte[][] values = ["envelope"u8.ToArray(), "a part"u8.ToArray(), "another"u8.ToArray()];
        for (var i = 0; i < values.Length; i++)
        {
            var salt = (UInt128)(i + 1);
            parts.Add(new StatementPart((ulong)i, 5, PartCommitment.Compute(Foreign, record, (ulong)i, 5, salt, values[i])));
            openings.Add(new Opening((ulong)i, salt, values[i]));
        }

        var statement = Statement.Encode(Foreign, record, 2, 1, parts.ToArray());
        return (statement, openings, new Leaf(LedgerOperation.Disclose, 0, Foreign, record, 1, Digest.Sha256(statement)));
    }

    private VerificationFailure? FailureOf(Leaf leaf, byte[] statement, byte[] signature, List<Opening> openings, LedgerVerifier? verifier = null)
    {
        var ledger = new TestLedger(_keys);
        ledger.Append(leaf, statement, signature, openings);
        var head = ledger.Head(1);
        return (verifier ?? new LedgerVerifier())
            .Verify(ledger.Position(0), ledger.Items(0, 1), head.Encode(), ledger.Sign(head), _keys.Ring())
            .Failure?.Kind;
    }
}
