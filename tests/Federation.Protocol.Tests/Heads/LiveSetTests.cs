using System.Numerics;
using CsCheck;
using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.Protocol.Tests.Infrastructure;

namespace Federation.Protocol.Tests.Heads;

public class LiveSetTests
{
    private static readonly Gen<(RecordId Record, Digest Hash)> Entries = Gen.Select(
        Gen.ULong, Gen.OneOf(Gen.Byte.Array[32], Gen.Const(Enumerable.Repeat((byte)255, 32).ToArray())), (high, hash) =>
            (new RecordId((UInt128)high << 64), Digest.Read(hash)));

    [Fact]
    public void The_sums_are_those_of_big_numbers_in_any_order_of_adding_and_removing()
    {
        Gen.Select(Entries.Array[0, 40], Entries.Array[0, 10]).Sample(
            (kept, removed) =>
            {
                var live = new LiveSet();
                foreach (var (record, hash) in removed)
                    live.Add(record, hash);
                foreach (var (record, hash) in kept)
                    live.Add(record, hash);
                foreach (var (record, hash) in removed)
                    live.Remove(record, hash);
                Assert.Equal((ulong)kept.Length, live.Count);
                Assert.Equal(Sums(kept), live.Encode());
                Assert.Equal(Digest.Sha256(Sums(kept)), live.Digest());
            },
            iter: 300,
            seed: "0N0XIzNsQ0O2",
            threads: 1);
    }

    [Fact]
    public void Removing_below_zero_wraps_and_comes_back()
    {
        var live = new LiveSet();
        var record = TestLedger.Record(1);
        var empty = live.Digest();
        live.Add(record, Digest.Zero);
        live.Remove(record, Digest.Sha256("x"u8));
        Assert.NotEqual(empty, live.Digest());
        live.Add(record, Digest.Sha256("x"u8));
        Assert.Equal(empty, live.Digest());
        Assert.Equal(1UL, live.Count);
    }

    [Fact]
    public void Nothing_is_removed_from_an_empty_set()
    {
        Assert.Throws<InvalidOperationException>(() => new LiveSet().Remove(TestLedger.Record(1), Digest.Zero));
    }

    [Fact]
    public void A_decoded_set_continues_and_a_clone_changes_on_its_own()
    {
        var live = new LiveSet();
        live.Add(TestLedger.Record(1), Digest.Sha256("x"u8));
        var decoded = LiveSet.Decode(live.Count, live.Encode());
        var clone = live.Clone();
        Assert.Equal(live.Digest(), decoded.Digest());
        decoded.Remove(TestLedger.Record(1), Digest.Sha256("x"u8));
        Assert.Equal(new LiveSet().Digest(), decoded.Digest());
        Assert.Equal(0UL, decoded.Count);
        clone.Add(TestLedger.Record(2), Digest.Sha256("y"u8));
        Assert.NotEqual(live.Digest(), clone.Digest());
        Assert.Equal(1UL, live.Count);
        Assert.Throws<ArgumentException>(() => LiveSet.Decode(0, new byte[2047]));
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000000", 0)]
    [InlineData("03ffffff-ffff-ffff-ffff-ffffffffffff", 0)]
    [InlineData("04000000-0000-0000-0000-000000000000", 1)]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff", 63)]
    public void The_bucket_is_the_first_six_bits(string record, int bucket) => Assert.Equal(bucket, LiveSet.BucketOf(RecordId.Parse(record)));

    private static byte[] Sums((RecordId Record, Digest Hash)[] entries)
    {
        var sums = new BigInteger[64];
        foreach (var (record, hash) in entries)
            sums[record.ToBytes()[0] >> 2] += new BigInteger(hash.ToBytes(), isUnsigned: true, isBigEndian: true);
        var bytes = new byte[64 * 32];
        for (var i = 0; i < 64; i++)
        {
            var sum = (sums[i] % BigInteger.Pow(2, 256)).ToByteArray(isUnsigned: true, isBigEndian: true);
            sum.CopyTo(bytes, (i + 1) * 32 - sum.Length);
        }
        return bytes;
    }
}
