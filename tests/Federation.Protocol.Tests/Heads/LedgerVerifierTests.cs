using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.Protocol.Tests.Infrastructure;

namespace Federation.Protocol.Tests.Heads;

public class LedgerVerifierTests
{
    private readonly TestKeys _keys = new();
    private readonly TestLedger _ledger;
    private readonly KeyRing _ring;
    private readonly LedgerVerifier _verifier = new();

    public LedgerVerifierTests()
    {
        _ring = _keys.Ring();
        _ledger = new TestLedger(_keys);
        for (var record = 0; record < 9; record++)
            _ledger.Disclose(record, signed: record % 4 == 0);
        _ledger.Withdraw(2, 2);
        _ledger.Disclose(3, 2);
        _ledger.Erase(4, 2);
    }

    [Fact]
    public void A_ledger_verifies_from_its_start_in_batches_of_any_size()
    {
        for (var step = 1; step <= _ledger.Size; step++)
        {
            var position = _ledger.Position(0);
            var seen = new List<Leaf>();
            for (var start = 0; start < _ledger.Size; start += step)
            {
                var end = Math.Min(start + step, _ledger.Size);
                var verdict = Verify(position, _ledger.Items(start, end), _ledger.Head(end));
                Assert.True(verdict.IsValid, verdict.Failure?.Detail);
                Assert.Equal((ulong)start, position.Size);
                position = verdict.Position;
                seen.AddRange(verdict.Entries.Select(entry => entry.Leaf));
            }
            Assert.Equal(_ledger.Head(_ledger.Size), position.LastHead);
            Assert.Equal(_ledger.LeafHashes, seen.Select(leaf => leaf.Hash(TestLedger.Id)));
        }
    }

    [Fact]
    public void An_accepted_entry_gives_what_the_store_needs()
    {
        var verdict = Verify(_ledger.Position(0), _ledger.Items(0, 12), _ledger.Head(12));
        Assert.True(verdict.IsValid);
        var shown = verdict.Entries[0];
        Assert.Equal(_ledger.LeafHashes[0], shown.LeafHash);
        Assert.Equal(TestLedger.Record(0), shown.Statement?.Record);
        Assert.Equal(shown.Leaf.StatementHash, Digest.Sha256(shown.StatementBytes.Span));
        Assert.Equal("envelope"u8.ToArray(), shown.Openings[0].Value.ToArray());
        Assert.Equal(3, shown.Openings.Count);
        Assert.Equal(81, shown.Signature.Length);
        Assert.True(verdict.Entries[1].Signature.IsEmpty);
        var withdrawn = verdict.Entries[9];
        Assert.Equal(LedgerOperation.Withdraw, withdrawn.Leaf.Operation);
        Assert.Null(withdrawn.Statement);
        Assert.Empty(withdrawn.Openings);
        Assert.Empty(verdict.Opaque);
    }

    [Fact]
    public void Hidden_entries_fold_into_the_same_root_whatever_the_cover()
    {
        for (var pattern = 0; pattern < 1 << 12; pattern += 7)
        {
            var verdict = Verify(_ledger.Position(0), _ledger.Items(0, 12, seq => (pattern >> seq & 1) == 0 ? -1 : LevelAt(seq, pattern)), _ledger.Head(12));
            Assert.True(verdict.IsValid, verdict.Failure?.Detail);
            Assert.Equal(_ledger.Head(12), verdict.Head);
            Assert.Equal(12, verdict.Entries.Count + verdict.Opaque.Sum(subtree => 1 << subtree.Level));
        }

        // The largest aligned subtree of which every entry is hidden.
        static int LevelAt(int seq, int pattern)
        {
            var level = 0;
            while (seq % (2 << level) == 0 && seq + (2 << level) <= 12 && IsHidden(seq, 2 << level, pattern))
                level++;
            return level;
        }

        static bool IsHidden(int seq, int count, int pattern) => (pattern >> seq & ((1 << count) - 1)) == (1 << count) - 1;
    }

    [Fact]
    public void A_head_alone_confirms_the_position()
    {
        var verdict = Verify(_ledger.Position(5), new BatchWriter().ToArray(), _ledger.Head(5, timeMs: 2_000));
        Assert.True(verdict.IsValid);
        Assert.Equal(5UL, verdict.Position.Size);
        Assert.Equal(2_000, verdict.Position.LastHead?.TimeMs);
    }

    [Fact]
    public void A_second_history_at_the_same_size_is_refused_as_another_root()
    {
        var other = new TestLedger(_keys);
        for (var record = 0; record < 5; record++)
            other.Disclose(record + 100);
        AssertRefused(VerificationFailure.RootMismatch, _ledger.Position(5), new BatchWriter().ToArray(), other.Head(5));
    }

    [Fact]
    public void A_history_that_differs_before_the_position_is_refused_as_another_root()
    {
        var other = new TestLedger(_keys);
        other.Disclose(100);
        for (var record = 1; record < 9; record++)
            other.Disclose(record);
        AssertRefused(VerificationFailure.RootMismatch, _ledger.Position(5), other.Items(5, 9), other.Head(9));
    }

    [Fact]
    public void A_head_of_another_ledger_or_life_is_refused()
    {
        var head = _ledger.Head(12);
        AssertRefused(VerificationFailure.WrongLedger, _ledger.Position(0), _ledger.Items(0, 12), head with { Ledger = new LedgerId(7) });
        AssertRefused(VerificationFailure.WrongIncarnation, _ledger.Position(0), _ledger.Items(0, 12), head with { Incarnation = 4 });
    }

    [Fact]
    public void A_head_that_shrinks_or_grows_older_is_refused()
    {
        AssertRefused(VerificationFailure.HeadShrinks, _ledger.Position(5), new BatchWriter().ToArray(), _ledger.Head(4));
        AssertRefused(VerificationFailure.HeadTimeRegresses, _ledger.Position(5, timeMs: 1_000), _ledger.Items(5, 6), _ledger.Head(6, timeMs: 999));
    }

    [Fact]
    public void A_head_signed_by_a_key_of_another_purpose_is_refused()
    {
        var head = _ledger.Head(12).Encode();
        foreach (var key in new[] { _keys.Tls, _keys.Statement, _keys.Receipt, _keys.Root, TestKeys.P256() })
        {
            var verdict = _verifier.Verify(_ledger.Position(0), _ledger.Items(0, 12), head, key.Sign(Head.PaeType, head), _ring);
            Assert.Equal(VerificationFailure.BadHeadSignature, verdict.Failure?.Kind);
        }
        var receiptType = _verifier.Verify(_ledger.Position(0), _ledger.Items(0, 12), head, _keys.Head.Sign(Receipt.PaeType, head), _ring);
        Assert.Equal(VerificationFailure.BadHeadSignature, receiptType.Failure?.Kind);
    }

    [Fact]
    public void A_head_under_a_newer_manifest_asks_for_that_manifest()
    {
        var head = _ledger.Head(12) with { ManifestNo = 2 };
        var verdict = _verifier.Verify(_ledger.Position(0), _ledger.Items(0, 12), head.Encode(), TestKeys.P256().Sign(Head.PaeType, head.Encode()), _ring);
        Assert.Equal(VerificationFailure.ManifestUnknown, verdict.Failure?.Kind);
    }

    [Fact]
    public void A_signed_head_that_is_none_is_refused()
    {
        var bytes = _ledger.Head(12).Encode();
        bytes[68] = 2;
        var verdict = _verifier.Verify(_ledger.Position(0), _ledger.Items(0, 12), bytes, _keys.Head.Sign(Head.PaeType, bytes), _ring);
        Assert.Equal(VerificationFailure.MalformedHead, verdict.Failure?.Kind);
    }

    [Fact]
    public void Entries_left_out_repeated_or_out_of_order_are_refused()
    {
        AssertRefused(VerificationFailure.LeafOutOfOrder, _ledger.Position(0), _ledger.Items(1, 12), _ledger.Head(12));
        AssertRefused(VerificationFailure.LeafOutOfOrder, _ledger.Position(5), _ledger.Items(4, 12), _ledger.Head(12));
        AssertRefused(VerificationFailure.SizeMismatch, _ledger.Position(0), _ledger.Items(0, 11), _ledger.Head(12));
        AssertRefused(VerificationFailure.SizeMismatch, _ledger.Position(0), _ledger.Items(0, 12), _ledger.Head(11));
    }

    [Fact]
    public void A_subtree_that_is_not_aligned_is_refused()
    {
        var writer = new BatchWriter();
        writer.AddOpaque(1, _ledger.LeafHashes[1]);
        AssertRefused(VerificationFailure.SubtreeMisplaced, _ledger.Position(1), writer.ToArray(), _ledger.Head(3));
    }

    [Fact]
    public void A_batch_of_more_items_than_allowed_is_refused()
    {
        var verdict = new LedgerVerifier(maxItems: 11).Verify(
            _ledger.Position(0), _ledger.Items(0, 12), _ledger.Head(12).Encode(), _ledger.Sign(_ledger.Head(12)), _ring);
        Assert.Equal(VerificationFailure.MalformedBatch, verdict.Failure?.Kind);
    }

    [Fact]
    public void A_refused_batch_yields_nothing()
    {
        var verdict = Verify(_ledger.Position(0), _ledger.Items(0, 11), _ledger.Head(12));
        Assert.False(verdict.IsValid);
        Assert.Null(verdict.Position);
        Assert.Null(verdict.Head);
        Assert.Empty(verdict.Entries);
        Assert.Empty(verdict.Opaque);
    }

    private BatchVerdict Verify(VerifiedPosition from, byte[] items, Head head) => _verifier.Verify(from, items, head.Encode(), _ledger.Sign(head), _ring);

    private void AssertRefused(VerificationFailure expected, VerifiedPosition from, byte[] items, Head head)
    {
        var verdict = Verify(from, items, head);
        Assert.Equal(expected, verdict.Failure?.Kind);
    }
}
