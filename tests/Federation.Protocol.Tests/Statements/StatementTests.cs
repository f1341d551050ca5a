using CsCheck;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.Protocol.Tests.Infrastructure;

namespace Federation.Protocol.Tests.Statements;

public class StatementTests
{
    private static readonly RecordId Record = TestLedger.Record(1);

    [Fact]
    public void Every_statement_is_read_as_it_was_written()
    {
        var part = Gen.Select(Gen.ULong[1, ulong.MaxValue], Gen.Long[0, long.MaxValue], Gen.Byte.Array[32]);
        Gen.Select(Gen.UShort, Gen.UShort, part.Array[0, 20]).Sample(
            (kind, schema, others) =>
            {
                StatementPart[] parts =
                [
                    new(0, 5, Digest.Zero),
                    .. others.DistinctBy(other => other.Item1)
                        .OrderBy(other => other.Item1)
                        .Select(other => new StatementPart(other.Item1, other.Item2, Digest.Read(other.Item3))),
                ];
                var bytes = Statement.Encode(TestKeys.Institute, Record, kind, schema, parts);
                Assert.Equal(48 + 48 * parts.Length, bytes.Length);
                Assert.True(Statement.TryDecode(bytes, out var statement, out var error), error);
                Assert.Equal(parts, statement.Parts);
                Assert.Equal(bytes, statement.Encode());
                Assert.False(Statement.TryDecode([.. bytes, 0], out _, out _));
                Assert.False(Statement.TryDecode(bytes.AsSpan(0, bytes.Length - 1), out _, out _));
            },
            iter: 300,
            seed: "0N0XIzNsQ0O2",
            threads: 1);
    }

    [Fact]
    public void A_statement_lists_up_to_1001_parts()
    {
        Assert.True(Statement.TryDecode(Encode(Parts(1001)), out var statement, out _));
        Assert.Equal(1001, statement.Parts.Count);
        Assert.Equal(Statement.MaxSizeBytes, statement.Encode().Length);
        Assert.Throws<ArgumentException>(() => Encode(Parts(1002)));
        Assert.Throws<ArgumentException>(() => Encode([]));

        var oneMore = Encode(Parts(1001)).Concat(new byte[48]).ToArray();
        oneMore[46] = 1002 >> 8;
        oneMore[47] = 1002 & 0xFF;
        Array.Fill(oneMore, (byte)0xFF, oneMore.Length - 48, 8);
        Assert.False(Statement.TryDecode(oneMore, out _, out _));
    }

    [Fact]
    public void Parts_that_repeat_descend_or_lack_the_envelope_are_refused()
    {
        foreach (var ids in new ulong[][] { [1], [0, 0], [0, 2, 1], [0, 2, 2], [5, 6] })
        {
            StatementPart[] parts = [.. ids.Select(id => new StatementPart(id, 1, Digest.Zero))];
            Assert.Throws<ArgumentException>(() => Encode(parts));
            var bytes = Encode(Parts(ids.Length));
            for (var i = 0; i < ids.Length; i++)
                System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(48 + 48 * i), ids[i]);
            Assert.False(Statement.TryDecode(bytes, out var statement, out var error));
            Assert.Null(statement);
            Assert.NotEmpty(error);
        }
    }

    [Fact]
    public void A_change_time_before_1970_or_beyond_63_bits_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Encode([new StatementPart(0, -1, Digest.Zero)]));
        var bytes = Encode(Parts(1));
        bytes[48 + 8] = 0x80;
        Assert.False(Statement.TryDecode(bytes, out _, out _));
    }

    [Fact]
    public void A_wrong_prefix_origin_or_no_part_at_all_is_refused()
    {
        var bytes = Encode(Parts(2));
        for (var i = 0; i < 10; i++)
        {
            bytes[i] ^= 1;
            Assert.False(Statement.TryDecode(bytes, out _, out _));
            bytes[i] ^= 1;
        }
        bytes[10] = (byte)'A';
        Assert.False(Statement.TryDecode(bytes, out _, out _));
        var none = bytes[..48];
        none[10] = (byte)'a';
        none[47] = 0;
        Assert.False(Statement.TryDecode(none, out _, out _));
        Assert.False(Statement.TryDecode([], out _, out _));
    }

    private static byte[] Encode(StatementPart[] parts) => Statement.Encode(TestKeys.Institute, Record, 1, 1, parts);

    private static StatementPart[] Parts(int count) => [.. Enumerable.Range(0, count).Select(i => new StatementPart((ulong)i, 1, Digest.Zero))];
}
