using System.Globalization;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using static Federation.Protocol.Tests.Infrastructure.GoldenVectors;

namespace Federation.Protocol.Tests.Vectors;

public class LedgerVectorTests
{
    [Fact]
    public void Leaves_are_the_golden_bytes()
    {
        foreach (var golden in Read<LeafCase>("leaf"))
        {
            var leaf = new Leaf(
                (LedgerOperation)golden.Operation,
                Number(golden.Seq),
                InstituteId.Parse(golden.Origin),
                RecordId.Parse(golden.Record),
                golden.Vrev,
                Digest.Read(Hex(golden.StatementHash)));
            Assert.Equal(golden.Bytes, Convert.ToHexStringLower(leaf.ToBytes()));
            Assert.Equal(golden.Hash, leaf.Hash(LedgerId.Parse(golden.Ledger)).ToString());

            Assert.True(Leaf.TryRead(Hex(golden.Bytes), out var decoded, out var error), error);
            Assert.Equal(leaf, decoded);
        }
    }

    [Fact]
    public void Heads_are_the_golden_bytes()
    {
        foreach (var golden in Read<HeadCase>("head"))
        {
            var head = new Head(
                LedgerId.Parse(golden.Ledger),
                golden.Incarnation,
                Number(golden.Size),
                Digest.Read(Hex(golden.Root)),
                golden.TimeMs,
                golden.Tip,
                golden.ManifestNo,
                golden.LiveCount,
                Digest.Read(Hex(golden.LiveDigest)));
            Assert.Equal(golden.Bytes, Convert.ToHexStringLower(head.Encode()));

            Assert.True(Head.TryDecode(Hex(golden.Bytes), out var decoded, out var error), error);
            Assert.Equal(head, decoded);
        }
    }

    [Fact]
    public void Receipts_are_the_golden_bytes()
    {
        foreach (var golden in Read<ReceiptCase>("receipt"))
        {
            var receipt = new Receipt(
                LedgerId.Parse(golden.Ledger),
                golden.Incarnation,
                Number(golden.Size),
                Digest.Read(Hex(golden.Root)),
                golden.TimeMs,
                Digest.Read(Hex(golden.LiveDigest)));
            Assert.Equal(golden.Bytes, Convert.ToHexStringLower(receipt.Encode()));

            Assert.True(Receipt.TryDecode(Hex(golden.Bytes), out var decoded, out var error), error);
            Assert.Equal(receipt, decoded);
            Assert.True(Keys().Verify(KeyPurpose.Receipt, Receipt.PaeType, Hex(golden.Bytes), Hex(golden.Signature)));
            Assert.False(Keys().Verify(KeyPurpose.Receipt, Head.PaeType, Hex(golden.Bytes), Hex(golden.Signature)));
        }
    }

    [Fact]
    public void Seals_are_the_golden_bytes()
    {
        foreach (var golden in Read<SealCase>("seal"))
        {
            var seal = new EvidenceSeal(
                LedgerId.Parse(golden.Ledger), golden.Incarnation, Number(golden.Entries), golden.TimeMs, Digest.Read(Hex(golden.Digest)));
            Assert.Equal(golden.Bytes, Convert.ToHexStringLower(seal.Encode()));

            Assert.True(EvidenceSeal.TryDecode(Hex(golden.Bytes), out var decoded, out var error), error);
            Assert.Equal(seal, decoded);
            Assert.True(Keys().Verify(KeyPurpose.Head, EvidenceSeal.PaeType, Hex(golden.Bytes), Hex(golden.Signature)));
        }
    }

    [Fact]
    public void Checkpoints_are_the_golden_texts()
    {
        foreach (var golden in Read<CheckpointCase>("checkpoint"))
        {
            var head = new Head(
                LedgerId.Parse(golden.Ledger), golden.Incarnation, Number(golden.Size), Digest.Read(Hex(golden.Root)), golden.TimeMs, false, 1, 0, Digest.Zero);
            var checkpoint = Checkpoint.Of(InstituteId.Parse(golden.Institute), head);
            Assert.Equal(golden.Text, checkpoint.ToText());
            Assert.Equal(golden.VerifierKey, SignedNote.VerifierKey(checkpoint.Origin, Hex(golden.Spki)));

            Assert.True(SignedNote.TryVerify(golden.Note, checkpoint.Origin, Hex(golden.Spki), SignatureScheme.Ecdsa, out var text, out var error), error);
            Assert.Equal(golden.Text, text);
        }
    }

    [Fact]
    public void Live_sets_have_the_golden_sums()
    {
        foreach (var golden in Read<LiveSetCase>("live_set"))
        {
            var live = new LiveSet();
            foreach (var entry in golden.Live)
                live.Add(RecordId.Parse(entry.Record), Digest.Read(Hex(entry.LeafHash)));
            Assert.Equal((ulong)golden.Live.Count, live.Count);
            Assert.Equal(golden.Buckets, Convert.ToHexStringLower(live.Encode()));
            Assert.Equal(golden.Digest, live.Digest().ToString());
        }
    }

    [Fact]
    public void A_ledger_made_elsewhere_verifies_to_its_tip()
    {
        var manifest = Read<ManifestBytes>("manifest")[0];
        Assert.True(Manifest.TryDecode(Hex(manifest.Bytes), out var decoded, out _));
        var keys = new KeyRing(decoded, SignatureScheme.Ecdsa);
        var verifier = new LedgerVerifier(checkStatementSignatures: true);
        var position = VerifiedPosition.Start(LedgerId.Parse("00112233445566778899aabbccddeeff"), decoded.Origin, 1);
        var cases = Read<LedgerCase>("ledger");
        var signed = 0;
        foreach (var golden in cases)
        {
            Assert.Equal((ulong)golden.From, position.Size);
            var verdict = verifier.Verify(position, Hex(golden.Items), Hex(golden.Head), Hex(golden.Signature), keys);
            Assert.True(verdict.IsValid, verdict.Failure?.Detail);
            signed += verdict.Entries.Count(entry => !entry.Signature.IsEmpty);
            position = verdict.Position;
        }
        Assert.Equal(1, signed);
        Assert.Equal(9UL, position.Size);
        Assert.NotNull(position.LastHead);
        Assert.True(position.LastHead.Tip);
        Assert.Equal(7UL, position.LastHead.LiveCount);
    }

    [Fact]
    public void Batches_are_written_as_the_golden_bytes()
    {
        foreach (var golden in Read<LedgerCase>("ledger"))
        {
            Assert.True(BatchFrame.TryRead(Hex(golden.Items), 4, out var items, out var error), error);
            var writer = new BatchWriter();
            foreach (var item in items)
            {
                if (item.Type == BatchItemType.Opaque)
                    writer.AddOpaque(item.Level, item.Hash);
                else
                    writer.AddEntry(item.Leaf, item.Statement.Span, item.Signature.Span, item.Openings.Span);
            }
            Assert.Equal(golden.Items, Convert.ToHexStringLower(writer.ToArray()));
        }
    }

    private static KeyRing Keys() =>
        Manifest.TryDecode(Hex(Read<ManifestBytes>("manifest")[0].Bytes), out var manifest, out var error)
            ? new KeyRing(manifest, SignatureScheme.Ecdsa)
            : throw new InvalidDataException(error);

    private static ulong Number(string text) => ulong.Parse(text, CultureInfo.InvariantCulture);

    private sealed record LeafCase(
        string Ledger, byte Operation, string Seq, string Origin, string Record, uint Vrev, string StatementHash, string Bytes, string Hash);

    private sealed record HeadCase(
        string Ledger, uint Incarnation, string Size, string Root, long TimeMs, bool Tip, uint ManifestNo, ulong LiveCount, string LiveDigest, string Bytes);

    private sealed record ReceiptCase(
        string Ledger, uint Incarnation, string Size, string Root, long TimeMs, string LiveDigest, string Bytes, string Signature);

    private sealed record SealCase(string Ledger, uint Incarnation, string Entries, long TimeMs, string Digest, string Bytes, string Signature);

    private sealed record CheckpointCase(
        string Institute, string Ledger, uint Incarnation, string Size, string Root, long TimeMs, string Text, string Spki, string Note, string VerifierKey);

    private sealed record LiveSetCase(List<LiveEntry> Live, string Buckets, string Digest);

    private sealed record LiveEntry(string Record, string LeafHash);

    private sealed record LedgerCase(int From, int Size, string Items, string Head, string Signature);
}
