using System.Security.Cryptography;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.Protocol.Tests.Infrastructure;

namespace Federation.Protocol.Tests.Statements;

public class StatementCheckTests
{
    private readonly Statement _statement;
    private readonly List<Opening> _openings;

    public StatementCheckTests()
    {
        var (bytes, openings) = TestLedger.View(TestLedger.Record(1), "envelope"u8.ToArray(), [], new byte[4000], "last"u8.ToArray());
        Assert.True(Statement.TryDecode(bytes, out var statement, out _));
        (_statement, _openings) = (statement, openings);
    }

    [Fact]
    public void All_parts_open() => Assert.True(StatementCheck.TryOpen(_statement, _openings, out _));

    [Fact]
    public void Any_subset_opens_where_not_all_are_asked_for()
    {
        for (var subset = 0; subset < 16; subset++)
        {
            var some = _openings.Where((_, i) => (subset >> i & 1) != 0).ToList();
            Assert.True(StatementCheck.TryOpen(_statement, some, out _, requireAll: false));
            Assert.Equal(subset == 15, StatementCheck.TryOpen(_statement, some, out var error));
            Assert.Equal(subset == 15, error.Length == 0);
        }
    }

    [Fact]
    public void A_changed_value_salt_or_part_does_not_open()
    {
        for (var i = 0; i < _openings.Count; i++)
        {
            var opening = _openings[i];
            foreach (var changed in new[]
            {
                opening with { Salt = opening.Salt ^ 1 },
                opening with { Value = (byte[])[.. opening.Value.Span, 0] },
                opening with { Part = opening.Part + 1 },
            })
            {
                List<Opening> openings = [.. _openings];
                openings[i] = changed;
                Assert.False(StatementCheck.TryOpen(_statement, openings, out var error));
                Assert.NotEmpty(error);
            }
        }
    }

    [Fact]
    public void A_part_that_is_opened_twice_or_not_listed_does_not_open()
    {
        Assert.False(StatementCheck.TryOpen(_statement, [_openings[0], _openings[0]], out _, requireAll: false));
        Assert.False(StatementCheck.TryOpen(_statement, [_openings[1], _openings[0]], out _, requireAll: false));
        Assert.False(StatementCheck.TryOpen(_statement, [new Opening(5, 0, default)], out _, requireAll: false));
        Assert.False(StatementCheck.TryOpen(_statement, [new Opening(ulong.MaxValue, 0, default)], out _, requireAll: false));
    }

    [Fact]
    public void A_commitment_is_the_hash_of_every_field_in_order()
    {
        foreach (var size in new[] { 0, 1, 954, 955, 956, 131072 })
        {
            var value = new byte[size];
            byte[] preimage =
            [
                0x10, .. TestKeys.Institute.ToBytes(), .. TestLedger.Record(3).ToBytes(), 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 1, 0,
                .. new byte[15], 9, (byte)(size >> 24), (byte)(size >> 16), (byte)(size >> 8), (byte)size, .. value,
            ];
            var commitment = PartCommitment.Compute(TestKeys.Institute, TestLedger.Record(3), 0x0102030405060708, 256, 9, value);
            Assert.Equal(Digest.Read(SHA256.HashData(preimage)), commitment);
        }
    }
}
