using System.Security.Cryptography;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Protocol.Tests.Heads;

public class LeafTests
{
    private static readonly LedgerId Ledger = LedgerId.Parse("00112233445566778899aabbccddeeff");

    private static readonly Leaf Leaf = new(
        LedgerOperation.Disclose, 7, InstituteId.Parse("alpha-lab"), RecordId.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"), 2, Digest.Sha256("x"u8));

    [Fact]
    public void The_hash_is_that_of_the_bytes_behind_the_ledger()
    {
        byte[] preimage = [0, .. Ledger.ToBytes(), .. Leaf.ToBytes()];
        Assert.Equal(Digest.Read(SHA256.HashData(preimage)), Leaf.Hash(Ledger));
        Assert.NotEqual(Leaf.Hash(new LedgerId(1)), Leaf.Hash(Ledger));
    }

    [Fact]
    public void Every_flipped_bit_is_refused_or_gives_another_hash()
    {
        var bytes = Leaf.ToBytes();
        Assert.Equal(Leaf.SizeBytes, bytes.Length);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            if (Leaf.TryRead(bytes, out var changed, out _))
                Assert.NotEqual(Leaf.Hash(Ledger), changed.Hash(Ledger));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 2)]
    [InlineData(1, 0)]
    [InlineData(1, 4)]
    [InlineData(1, 2)]
    [InlineData(10, 0)]
    [InlineData(10, 65)]
    [InlineData(25, 97)]
    public void A_leaf_with_a_wrong_version_operation_or_origin_is_refused(int offset, byte value)
    {
        var bytes = Leaf.ToBytes();
        bytes[offset] = value;
        AssertRefused(bytes);
    }

    [Fact]
    public void A_leaf_without_a_revision_is_refused() => AssertRefused((Leaf with { Vrev = 0 }).ToBytes());

    [Fact]
    public void A_leaf_names_a_statement_if_and_only_if_it_discloses()
    {
        AssertRefused((Leaf with { StatementHash = default }).ToBytes());
        AssertRefused((Leaf with { Operation = LedgerOperation.Withdraw }).ToBytes());
        AssertRefused((Leaf with { Operation = LedgerOperation.Erase }).ToBytes());
        Assert.True(Leaf.TryRead((Leaf with { Operation = LedgerOperation.Erase, StatementHash = default }).ToBytes(), out _, out _));
    }

    [Fact]
    public void A_short_leaf_is_refused() => AssertRefused(Leaf.ToBytes()[..77]);

    private static void AssertRefused(byte[] bytes)
    {
        Assert.False(Leaf.TryRead(bytes, out var leaf, out var error));
        Assert.Equal(default, leaf);
        Assert.NotEmpty(error);
    }
}
