using CsCheck;
using Federation.Protocol.Records;

namespace Federation.Protocol.Tests.Records;

public class RecordIdTests
{
    private const string Text = "0f8fad5b-d9cb-469f-a165-70867728950e";

    [Fact]
    public void The_text_is_that_of_a_UUID_in_byte_order()
    {
        var id = RecordId.Parse(Text);
        Assert.Equal(Text, id.ToString());
        Assert.Equal("0F8FAD5BD9CB469FA16570867728950E", Convert.ToHexString(id.ToBytes()));
        Assert.Equal(id, RecordId.Read(id.ToBytes()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0F8FAD5B-D9CB-469F-A165-70867728950E")]
    [InlineData("0f8fad5bd9cb469fa16570867728950e")]
    [InlineData("{0f8fad5b-d9cb-469f-a165-70867728950e}")]
    [InlineData(" 0f8fad5b-d9cb-469f-a165-70867728950e")]
    [InlineData("0f8fad5b-d9cb-469f-a165-70867728950e ")]
    [InlineData("0f8fad5b-d9cb-469f-a165-70867728950")]
    [InlineData("+f8fad5b-d9cb-469f-a165-70867728950e")]
    [InlineData("0xfad5b1-d9cb-469f-a165-70867728950e")]
    public void Any_other_spelling_is_refused(string? text)
    {
        Assert.False(RecordId.TryParse(text, out _));
        Assert.Throws<FormatException>(() => RecordId.Parse(text!));
    }

    [Fact]
    public void Any_128_bits_survive_text_and_bytes_and_order_as_their_texts_do()
    {
        var ids = Gen.Select(Gen.ULong, Gen.ULong, (high, low) => new RecordId(((UInt128)high << 64) | low));
        Gen.Select(ids, ids).Sample(
            (left, right) =>
            {
                Assert.Equal(left, RecordId.Parse(left.ToString()));
                Assert.Equal(left, RecordId.Read(left.ToBytes()));
                var expected = Math.Sign(string.CompareOrdinal(left.ToString(), right.ToString()));
                Assert.Equal(expected, left.CompareTo(right));
                Assert.Equal((expected < 0, expected <= 0, expected > 0, expected >= 0), (left < right, left <= right, left > right, left >= right));
            },
            iter: 500,
            seed: "0N0XIzNsQ0O2",
            threads: 1);
    }
}
