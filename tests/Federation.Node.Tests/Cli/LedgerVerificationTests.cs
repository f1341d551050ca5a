using Federation.Cli.Verification;
using Federation.Protocol.Records;
using Google.Protobuf;
using Xunit;

namespace Federation.Node.Tests.Cli;

public sealed class LedgerVerificationTests : IDisposable
{
    private readonly LedgerFileBuilder _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void A_whole_ledger_verifies_and_says_what_it_proves()
    {
        _file.Disclose(1, "first").Disclose(2, "second").Cut().Disclose(1, "first, revised").Withdraw(2).Sign().Receipt();

        var finding = Verify(_file.FollowerRoot);

        Assert.Equal(4UL, finding.Head.Size);
        Assert.Equal((4UL, 0UL), (finding.Shown, finding.Hidden));
        Assert.Equal((1UL, 1UL, 0UL), (finding.Live, finding.Withdrawn, finding.Erased));
        Assert.True(finding.Receipt is { RootIsPinned: true, TreeIsCompared: true });
        var prose = string.Join('\n', LedgerProse.Of(finding));
        Assert.Contains("uk disclosed to jp", prose, StringComparison.Ordinal);
        Assert.Contains("4 entries", prose, StringComparison.Ordinal);
        Assert.Contains("1 record is live", prose, StringComparison.Ordinal);
    }

    [Fact]
    public void A_receipt_under_a_root_that_was_not_named_says_so()
    {
        _file.Disclose(1, "first").Sign().Receipt();

        var finding = Verify(null);

        Assert.False(finding.Receipt!.RootIsPinned);
        Assert.Contains("which you did not name", string.Join('\n', LedgerProse.Of(finding)), StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_shown_as_hashes_count_into_the_tree()
    {
        _file.Hide(9).Disclose(1, "first").Receipt().Hide(9).Disclose(2, "second").Sign();

        var finding = Verify(_file.FollowerRoot);

        Assert.Equal((2UL, 2UL, 2UL), (finding.Shown, finding.Hidden, finding.Live));
        Assert.Equal(2UL, finding.Receipt!.Receipt.Size);
        Assert.True(finding.Receipt.TreeIsCompared);
    }

    [Fact]
    public void An_empty_ledger_with_a_signed_head_verifies()
    {
        _file.Sign();

        Assert.Equal(0UL, Verify(null).Head.Size);
    }

    [Fact]
    public void A_changed_bit_anywhere_in_a_file_is_noticed_or_changes_nothing_that_is_proven()
    {
        _file.Disclose(1, "first").Withdraw(1).Disclose(2, "second").Sign().Receipt();
        var whole = _file.ToArray();
        var expected = Verify(_file.FollowerRoot) with { Receipt = null };

        // Every eleventh byte, each time another bit: fields are longer than that, and the test stays short.
        for (var i = 0; i < whole.Length; i += 11)
        {
            var bent = (byte[])whole.Clone();
            bent[i] ^= (byte)(1 << (i % 8));
            try
            {
                // A file that still verifies has to prove the same: protobuf has more than one way to write a tag or a length.
                var finding = LedgerVerification.Verify(new MemoryStream(bent), _file.OriginRoot, _file.FollowerRoot);
                Assert.Equal(expected, finding with { Receipt = null });
            }
            catch (LedgerFaultException)
            {
                // Noticed.
            }
        }
    }

    [Fact]
    public void Another_root_than_the_one_named_is_refused() =>
        Refused("root", file => file.Disclose(1, "first").Sign(), root: Digest.Sha256("another"u8));

    [Fact]
    public void An_opening_that_does_not_match_its_commitment_is_refused() =>
        Refused("commitment", file => file.Disclose(1, "first", openedText: "forged").Sign());

    [Fact]
    public void A_record_of_another_institute_is_refused() =>
        Refused("in a ledger of uk", file => file.Disclose(1, "first", InstituteId.Parse("jp")).Sign());

    [Fact]
    public void A_statement_signature_that_does_not_verify_is_refused() =>
        Refused("statement is not signed", file => file.Disclose(1, "first", signature: file.SignStatement([1, 2, 3])).Sign());

    [Fact]
    public void A_missing_entry_is_refused()
    {
        _file.Disclose(1, "first").Cut().Disclose(2, "second").Sign();
        _file.Batches.RemoveAt(0);

        Refused("entry 0 is next");
    }

    [Fact]
    public void Reordered_batches_are_refused()
    {
        _file.Disclose(1, "first").Cut().Disclose(2, "second").Cut().Disclose(3, "third").Sign();
        (_file.Batches[0], _file.Batches[1]) = (_file.Batches[1], _file.Batches[0]);

        Refused("is next");
    }

    [Fact]
    public void Entries_after_the_last_head_are_refused()
    {
        _file.Disclose(1, "first").Sign().Disclose(2, "second").Cut();

        Refused("1 entries follow");
    }

    [Fact]
    public void A_file_without_a_head_is_refused() => Refused("no signed head", file => file.Disclose(1, "first").Cut());

    [Fact]
    public void A_head_by_a_key_of_another_purpose_is_refused()
    {
        _file.Disclose(1, "first").Sign();
        var head = _file.Batches[^1].Head;
        head.Signature = ByteString.CopyFrom(_file.SignStatement(head.Payload.ToByteArray()));

        Refused("not signed by an active head key");
    }

    [Fact]
    public void A_head_with_another_root_is_refused() =>
        Refused("give root", file => file.Disclose(1, "first").Sign(head => head with { Root = Digest.Sha256("fork"u8) }));

    [Fact]
    public void A_head_with_other_live_records_is_refused() =>
        Refused("live records", file => file.Disclose(1, "first").Sign(head => head with { LiveCount = 0 }));

    [Fact]
    public void A_receipt_for_another_history_is_refused() =>
        Refused("another history", file => file.Disclose(1, "first").Sign().Receipt(receipt => receipt with { Root = Digest.Sha256("fork"u8) }));

    [Fact]
    public void A_receipt_for_more_than_the_file_holds_is_refused() =>
        Refused("receipt is for", file => file.Disclose(1, "first").Sign().Receipt(receipt => receipt with { Size = 5 }));

    [Fact]
    public void A_receipt_over_other_live_records_is_refused() =>
        Refused("other live records", file => file.Disclose(1, "first").Sign().Receipt(receipt => receipt with { LiveDigest = Digest.Sha256("other"u8) }));

    [Fact]
    public void A_file_that_is_cut_off_is_refused()
    {
        _file.Disclose(1, "first").Sign();
        var bytes = _file.ToArray();

        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<LedgerFaultException>(() => LedgerVerification.Verify(new MemoryStream(bytes, 0, length), _file.OriginRoot, null));
    }

    private LedgerFinding Verify(Digest? followerRoot) =>
        LedgerVerification.Verify(new MemoryStream(_file.ToArray()), _file.OriginRoot, followerRoot);

    private void Refused(string because, Action<LedgerFileBuilder>? build = null, Digest? root = null)
    {
        build?.Invoke(_file);
        var fault = Assert.Throws<LedgerFaultException>(() =>
            LedgerVerification.Verify(new MemoryStream(_file.ToArray()), root ?? _file.OriginRoot, _file.FollowerRoot));
        Assert.Contains(because, fault.Message, StringComparison.OrdinalIgnoreCase);
    }
}
