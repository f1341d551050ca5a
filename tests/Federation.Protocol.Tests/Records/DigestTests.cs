using System.Security.Cryptography;
using Federation.Protocol.Records;

namespace Federation.Protocol.Tests.Records;

public class DigestTests
{
    [Fact]
    public void A_digest_is_that_of_SHA_256_and_keeps_its_bytes()
    {
        var digest = Digest.Sha256("abc"u8);
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", digest.ToString());
        Assert.Equal(SHA256.HashData("abc"u8), digest.ToBytes());
        Assert.Equal(digest, Digest.Read(digest.ToBytes()));
        Assert.True(Digest.TryParse(digest.ToString(), out var parsed));
        Assert.Equal(digest, parsed);
    }

    [Fact]
    public void Digests_that_differ_in_one_bit_are_not_equal()
    {
        var bytes = SHA256.HashData("abc"u8);
        var digest = Digest.Read(bytes);
        for (var bit = 0; bit < 256; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(digest, Digest.Read(bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Zero_is_32_zero_bytes()
    {
        Assert.True(Digest.Zero.IsZero);
        Assert.Equal(new byte[32], Digest.Zero.ToBytes());
        for (var i = 0; i < 32; i++)
        {
            var bytes = new byte[32];
            bytes[i] = 1;
            Assert.False(Digest.Read(bytes).IsZero);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ag")]
    public void Text_that_is_not_64_hexadecimal_digits_is_refused(string? text) => Assert.False(Digest.TryParse(text, out _));

    [Fact]
    public void Short_spans_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Digest.Read(new byte[31]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Digest.Zero.Write(new byte[31]));
    }
}
