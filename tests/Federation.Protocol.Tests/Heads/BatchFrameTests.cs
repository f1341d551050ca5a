using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.Protocol.Tests.Infrastructure;

namespace Federation.Protocol.Tests.Heads;

public class BatchFrameTests
{
    private static readonly Leaf Leaf = new(LedgerOperation.Withdraw, 0, TestKeys.Institute, TestLedger.Record(1), 1, default);

    [Fact]
    public void Openings_are_framed_alike_however_they_are_passed()
    {
        Opening[] openings = [new(0, 1, "one"u8.ToArray()), new(9, 2, Array.Empty<byte>()), new(10, 3, new byte[5000])];
        var frames = new List<byte[]>();
        foreach (var add in new Action<BatchWriter>[]
        {
            writer => writer.AddEntry(Leaf, "s"u8, "g"u8, Openings.Encode(openings)),
            writer => writer.AddEntry(Leaf, "s"u8, "g"u8, openings.AsSpan()),
            writer => writer.AddEntry(Leaf, "s"u8, "g"u8, openings.ToList()),
        })
        {
            var writer = new BatchWriter();
            add(writer);
            Assert.Equal(writer.SizeBytes - 2, writer.VisibleBytes);
            frames.Add(writer.ToArray());
            Assert.Equal(frames[0], frames[^1]);
        }
        Assert.Equal(3, frames.Count);
    }

    [Fact]
    public void A_writer_counts_items_and_only_the_bytes_of_entries()
    {
        var writer = new BatchWriter();
        Assert.Equal([0, 0], writer.ToArray());
        writer.AddOpaque(3, Digest.Zero);
        Assert.Equal(0, writer.VisibleBytes);
        Assert.Equal(36, writer.SizeBytes);
        writer.AddEntry(Leaf);
        Assert.Equal(89, writer.VisibleBytes);
        Assert.Equal(2, writer.Count);
        Assert.Equal(writer.SizeBytes, writer.ToArray().Length);
        writer.Clear();
        Assert.Equal(0, writer.Count);
        Assert.Equal(0, writer.VisibleBytes);
        Assert.Equal([0, 0], writer.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.AddOpaque(-1, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.AddOpaque(63, default));
        Assert.Throws<ArgumentException>(() => writer.AddEntry(Leaf, default, new byte[65536], default));
        Assert.Equal([0, 0], writer.ToArray());
    }

    [Fact]
    public void A_writer_holds_65535_items_and_no_more()
    {
        var writer = new BatchWriter();
        for (var i = 0; i < ushort.MaxValue; i++)
            writer.AddOpaque(0, Digest.Zero);
        Assert.Throws<InvalidOperationException>(() => writer.AddOpaque(0, Digest.Zero));
        Assert.Equal(0xFF, writer.ToArray()[0]);
    }

    [Fact]
    public void A_count_that_cannot_fit_is_refused_before_anything_is_allocated()
    {
        byte[] frame = [0xFF, 0xFF, .. new byte[100]];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(BatchFrame.TryRead(frame, 65535, out var items, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2048);
        Assert.Empty(items);
    }

    [Fact]
    public void More_items_than_allowed_are_refused()
    {
        var writer = new BatchWriter();
        for (var i = 0; i < 5; i++)
            writer.AddOpaque(0, Digest.Zero);
        Assert.True(BatchFrame.TryRead(writer.ToArray(), 5, out var items, out _));
        Assert.Equal(5, items.Count);
        Assert.False(BatchFrame.TryRead(writer.ToArray(), 4, out _, out _));
    }

    [Fact]
    public void Unknown_types_levels_and_trailing_bytes_are_refused()
    {
        var writer = new BatchWriter();
        writer.AddOpaque(62, Digest.Zero);
        var frame = writer.ToArray();
        Assert.True(BatchFrame.TryRead(frame, 10, out _, out _));
        Assert.False(BatchFrame.TryRead((byte[])[.. frame, 0], 10, out _, out _));
        frame[3] = 63;
        Assert.False(BatchFrame.TryRead(frame, 10, out _, out _));
        frame[3] = 0;
        foreach (var type in new byte[] { 0, 1, 3, 255 })
        {
            frame[2] = type;
            Assert.False(BatchFrame.TryRead(frame, 10, out _, out var error));
            Assert.NotEmpty(error);
        }
    }

    [Fact]
    public void A_malformed_leaf_and_lengths_beyond_the_end_are_refused()
    {
        var writer = new BatchWriter();
        writer.AddEntry(Leaf);
        var frame = writer.ToArray();
        // Version of the leaf, then the last byte of each of the three lengths.
        foreach (var offset in new[] { 3, 84, 86, 90 })
        {
            frame[offset] ^= 1;
            Assert.False(BatchFrame.TryRead(frame, 10, out _, out _), $"Byte {offset} was changed.");
            frame[offset] ^= 1;
        }
        frame[81] = 0xFF;
        Assert.False(BatchFrame.TryRead(frame, 10, out _, out _));
        frame[81] = 0;
        Assert.True(BatchFrame.TryRead(frame, 10, out _, out _));
    }

    [Fact]
    public void A_batch_above_one_mebibyte_is_refused()
    {
        var writer = new BatchWriter();
        writer.AddEntry(Leaf, default, default, new byte[BatchFrame.MaxSizeBytes - 2 - 89]);
        Assert.True(BatchFrame.TryRead(writer.ToArray(), 10, out _, out _));
        writer.Clear();
        writer.AddEntry(Leaf, default, default, new byte[BatchFrame.MaxSizeBytes - 2 - 88]);
        Assert.False(BatchFrame.TryRead(writer.ToArray(), 10, out _, out _));
    }
}
