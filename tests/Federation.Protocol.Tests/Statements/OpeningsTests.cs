using System.Buffers.Binary;
using CsCheck;
using Federation.Protocol.Statements;

namespace Federation.Protocol.Tests.Statements;

public class OpeningsTests
{
    [Fact]
    public void Openings_are_read_as_they_were_written_without_copying_the_values()
    {
        var values = Gen.Byte.Array[0, 300].Array[0, 12];
        values.Sample(
            generated =>
            {
                Opening[] openings = [.. generated.Select((value, i) => new Opening((ulong)i * 3, (UInt128)i << 100, value))];
                var bytes = Openings.Encode(openings);
                Assert.Equal(Openings.SizeBytes(openings), bytes.Length);
                Assert.True(Openings.TryDecode(bytes, out var decoded, out var error), error);
                Assert.Equal(openings.Select(o => (o.Part, o.Salt)), decoded.Select(o => (o.Part, o.Salt)));
                for (var i = 0; i < openings.Length; i++)
                {
                    Assert.Equal(openings[i].Value.ToArray(), decoded[i].Value.ToArray());
                    Assert.True(decoded[i].Value.IsEmpty || bytes.AsSpan().Overlaps(decoded[i].Value.Span));
                }
            },
            iter: 300,
            seed: "0N0XIzNsQ0O2",
            threads: 1);
    }

    [Fact]
    public void A_value_of_128_KiB_is_the_largest()
    {
        Opening[] largest = [new(0, 0, new byte[Opening.MaxValueSizeBytes])];
        var bytes = Openings.Encode(largest);
        Assert.True(Openings.TryDecode(bytes, out _, out _));
        Assert.Throws<ArgumentException>(() => Openings.Encode([new Opening(0, 0, new byte[Opening.MaxValueSizeBytes + 1])]));
        byte[] larger = [.. bytes, 0];
        BinaryPrimitives.WriteUInt32BigEndian(larger.AsSpan(24), Opening.MaxValueSizeBytes + 1);
        Assert.False(Openings.TryDecode(larger, out _, out _));
    }

    [Fact]
    public void Parts_that_repeat_or_descend_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Openings.Encode([new Opening(1, 0, default), new Opening(1, 0, default)]));
        var bytes = Openings.Encode([new Opening(1, 0, default), new Opening(2, 0, default)]);
        foreach (byte second in new byte[] { 0, 1 })
        {
            bytes[28 + 7] = second;
            Assert.False(Openings.TryDecode(bytes, out var openings, out var error));
            Assert.Empty(openings);
            Assert.NotEmpty(error);
        }
    }

    [Fact]
    public void An_opening_that_ends_early_is_refused_at_every_length()
    {
        var bytes = Openings.Encode([new Opening(0, 7, "value"u8.ToArray()), new Opening(1, 8, "x"u8.ToArray())]);
        for (var length = 1; length < bytes.Length; length++)
            Assert.Equal(length == 33, Openings.TryDecode(bytes.AsMemory(0, length), out _, out _));
        Assert.True(Openings.TryDecode(default, out var none, out _));
        Assert.Empty(none);
    }

    [Fact]
    public void More_openings_than_a_statement_has_parts_are_refused()
    {
        Opening[] most = [.. Enumerable.Range(0, 1001).Select(i => new Opening((ulong)i, 0, default))];
        Assert.True(Openings.TryDecode(Openings.Encode(most), out _, out _));
        Assert.False(Openings.TryDecode(Openings.Encode([.. most, new Opening(1001, 0, default)]), out _, out _));
    }
}
