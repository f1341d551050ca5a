using System.Text;
using CsCheck;
using Federation.Protocol.Records;

namespace Federation.Protocol.Tests.Records;

public class InstituteIdTests
{
    [Theory]
    [InlineData("ab")]
    [InlineData("a1-b2")]
    [InlineData("--")]
    [InlineData("0123456789abcdef")]
    public void An_id_of_2_to_16_characters_is_read_and_written(string text)
    {
        var id = InstituteId.Parse(text);
        Assert.Equal(text, id.ToString());
        Assert.Equal(Encoding.ASCII.GetBytes(text.PadRight(16, '\0')), id.ToBytes());
        Assert.True(InstituteId.TryRead(id.ToBytes(), out var read));
        Assert.Equal(id, read);
        Assert.False(id.IsEmpty);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("0123456789abcdefg")]
    [InlineData("Alpha")]
    [InlineData("a b")]
    [InlineData("a_b")]
    [InlineData("a\0b")]
    [InlineData("ab\0")]
    [InlineData("äb")]
    [InlineData("a\u0161")]
    [InlineData("ab.c")]
    public void Anything_else_is_refused(string? text)
    {
        Assert.False(InstituteId.TryParse(text, out var id));
        Assert.True(id.IsEmpty);
        Assert.Throws<FormatException>(() => InstituteId.Parse(text!));
    }

    [Fact]
    public void Padding_is_only_zeros_and_only_at_the_end()
    {
        Assert.False(InstituteId.TryRead("\0\0bcdefghijklmnop"u8, out _));
        Assert.False(InstituteId.TryRead("abc\0d\0\0\0\0\0\0\0\0\0\0\0"u8, out _));
        Assert.False(InstituteId.TryRead("a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"u8, out _));
        Assert.False(InstituteId.TryRead(new byte[16], out _));
        Assert.False(InstituteId.TryRead("abcdefghijklmno"u8, out _));
        Assert.True(InstituteId.TryRead("abcdefghijklmnopXYZ"u8, out var id));
        Assert.Equal("abcdefghijklmnop", id.ToString());
    }

    [Fact]
    public void Ids_order_as_their_texts_do()
    {
        var text = Gen.Char["abz019-"].Array[2, 16].Select(characters => new string(characters));
        Gen.Select(text, text).Sample(
            (left, right) =>
            {
                var (a, b) = (InstituteId.Parse(left), InstituteId.Parse(right));
                var expected = Math.Sign(string.CompareOrdinal(left, right));
                Assert.Equal(expected, Math.Sign(a.CompareTo(b)));
                Assert.Equal((expected < 0, expected <= 0, expected > 0, expected >= 0, expected == 0), (a < b, a <= b, a > b, a >= b, a == b));
            },
            iter: 500,
            seed: "0N0XIzNsQ0O2",
            threads: 1);
    }
}
