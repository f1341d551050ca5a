using CsCheck;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.Protocol.Tests.Infrastructure;

namespace Federation.Protocol.Tests;

/// <summary>Whatever a peer sends, a decoder answers false with a sentence, or something that encodes to the same bytes; it never throws.</summary>
public class MalformedInputTests
{
    private static readonly TestKeys Keys = new();

    [Fact]
    public void Random_bytes_never_throw()
    {
        Gen.Byte.Array[0, 400].Sample(Decode, iter: 5_000, seed: "0N0XIzNsQ0O2", threads: 1);
    }

    [Fact]
    public void Valid_bytes_with_a_few_changes_never_throw()
    {
        var (statement, openings) = TestLedger.View(TestLedger.Record(1), "envelope"u8.ToArray(), "a"u8.ToArray(), []);
        var ledger = new TestLedger(Keys);
        ledger.Disclose(1, signed: true);
        ledger.Withdraw(1, 2);
        ledger.Disclose(2);
        byte[][] valid =
        [
            statement, Openings.Encode(openings), ledger.Items(0, 3), ledger.Items(0, 3, seq => seq == 0 ? 1 : -1), ledger.Head(3).Encode(),
            ledger.Sign(ledger.Head(3)), Keys.Sign([], Keys.AllActive()).Manifest,
            new Receipt(TestLedger.Id, 1, 2, Digest.Zero, 3, Digest.Zero).Encode(),
            new LedgerReset(InstituteId.Parse("uk"), TestLedger.Id, 1, 0, Digest.Zero, 2, 3, LedgerResetReason.Lost, "text").Encode(),
        ];
        var changes = Gen.Select(Gen.Int[0, 10_000], Gen.Byte).Array[1, 4];
        Gen.Select(Gen.Int[0, valid.Length - 1], changes, Gen.Int[-3, 3]).Sample(
            (which, edits, growth) =>
            {
                var bytes = valid[which].ToArray();
                foreach (var (offset, value) in edits)
                    bytes[offset % bytes.Length] = value;
                Array.Resize(ref bytes, bytes.Length + growth);
                Decode(bytes);
            },
            iter: 10_000,
            seed: "0N0XIzNsQ0O2",
            threads: 1);
    }

    [Fact]
    public void Whole_batches_with_changes_are_refused_and_never_throw()
    {
        var ledger = new TestLedger(Keys);
        for (var record = 0; record < 4; record++)
            ledger.Disclose(record);
        ledger.Withdraw(1, 2);
        var items = ledger.Items(0, 5);
        var head = ledger.Head(5).Encode();
        var signature = ledger.Sign(ledger.Head(5));
        var ring = Keys.Ring();
        var verifier = new LedgerVerifier();
        Gen.Select(Gen.Int[0, items.Length - 1], Gen.Int[0, items.Length - 1], Gen.Int[0, 60]).Sample(
            (from, to, length) =>
            {
                var changed = items.ToArray();
                var size = Math.Min(length, items.Length - Math.Max(from, to));
                items.AsSpan(from, size).CopyTo(changed.AsSpan(to));
                var verdict = verifier.Verify(ledger.Position(0), changed, head, signature, ring);
                Assert.Equal(changed.AsSpan().SequenceEqual(items), verdict.IsValid);
            },
            iter: 1_500,
            seed: "0N0XIzNsQ0O2",
            threads: 1);
    }

    private static void Decode(byte[] bytes)
    {
        if (Statement.TryDecode(bytes, out var statement, out var error))
            Assert.Equal(bytes, statement.Encode());
        else
            Assert.NotEmpty(error);
        if (Openings.TryDecode(bytes, out var openings, out error))
            Assert.Equal(bytes, Openings.Encode(openings));
        else
            Assert.NotEmpty(error);
        if (Leaf.TryRead(bytes, out var leaf, out error))
            Assert.Equal(bytes[..Leaf.SizeBytes], leaf.ToBytes());
        else
            Assert.NotEmpty(error);
        if (Head.TryDecode(bytes, out var head, out error))
            Assert.Equal(bytes, head.Encode());
        else
            Assert.NotEmpty(error);
        if (Receipt.TryDecode(bytes, out var receipt, out error))
            Assert.Equal(bytes, receipt.Encode());
        else
            Assert.NotEmpty(error);
        if (LedgerReset.TryDecode(bytes, out var reset, out error))
            Assert.Equal(bytes, reset.Encode());
        else
            Assert.NotEmpty(error);
        if (Signature.TryDecode(bytes, out var signature, out error))
            Assert.Equal(bytes, signature.Encode());
        else
            Assert.NotEmpty(error);
        if (Manifest.TryDecode(bytes, out var manifest, out error))
            Assert.Equal(bytes, manifest.Encode());
        else
            Assert.NotEmpty(error);
        if (BatchFrame.TryRead(bytes, 100, out var items, out error))
            Assert.Equal(bytes, Rewrite(items));
        else
            Assert.NotEmpty(error);
    }

    private static byte[] Rewrite(List<BatchItem> items)
    {
        var writer = new BatchWriter();
        foreach (var item in items)
        {
            if (item.Type == BatchItemType.Opaque)
                writer.AddOpaque(item.Level, item.Hash);
            else
                writer.AddEntry(item.Leaf, item.Statement.Span, item.Signature.Span, item.Openings.Span);
        }
        return writer.ToArray();
    }
}
