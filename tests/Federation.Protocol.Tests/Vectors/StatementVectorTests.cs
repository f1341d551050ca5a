using System.Buffers.Binary;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using static Federation.Protocol.Tests.Infrastructure.GoldenVectors;

namespace Federation.Protocol.Tests.Vectors;

public class StatementVectorTests
{
    [Fact]
    public void Salts_are_the_golden_ones()
    {
        foreach (var golden in Read<SaltCase>("salt"))
        {
            var salt = new RecordSecret(Hex(golden.Key)).Salt(HexNumber(golden.Part), golden.ChangedMs);
            Assert.Equal(SaltOf(golden.Salt), salt);
        }
    }

    [Fact]
    public void Change_times_are_the_golden_ones()
    {
        foreach (var golden in Read<ChangedMsCase>("changed_ms"))
        {
            var secret = new RecordSecret(Hex(golden.Key));
            var changedMs = secret.ChangedMs(HexNumber(golden.Part), golden.Minute, Hex(golden.Value), golden.Used.Contains);
            Assert.Equal(golden.ChangedMs, changedMs);
        }
    }

    [Fact]
    public void Commitments_are_the_golden_ones()
    {
        foreach (var golden in Read<CommitmentCase>("commitment"))
        {
            var commitment = PartCommitment.Compute(
                InstituteId.Parse(golden.Origin),
                RecordId.Parse(golden.Record),
                HexNumber(golden.Part),
                golden.ChangedMs,
                SaltOf(golden.Salt),
                Hex(golden.Value));
            Assert.Equal(golden.Commitment, commitment.ToString());
        }
    }

    [Fact]
    public void Statements_are_the_golden_bytes()
    {
        foreach (var golden in Read<StatementCase>("statement"))
        {
            var parts = golden.Parts.Select(part => new StatementPart(HexNumber(part.Part), part.ChangedMs, DigestOf(part.Commitment))).ToArray();
            var origin = InstituteId.Parse(golden.Origin);
            var record = RecordId.Parse(golden.Record);
            var bytes = Statement.Encode(origin, record, golden.Kind, golden.Schema, parts);
            Assert.Equal(golden.Bytes, Convert.ToHexStringLower(bytes));
            Assert.Equal(golden.Hash, Digest.Sha256(bytes).ToString());

            Assert.True(Statement.TryDecode(bytes, out var statement, out var error), error);
            Assert.Equal(origin, statement.Origin);
            Assert.Equal(record, statement.Record);
            Assert.Equal(golden.Kind, statement.Kind);
            Assert.Equal(golden.Schema, statement.Schema);
            Assert.Equal(parts, statement.Parts);
            Assert.Equal(bytes, statement.Encode());
        }
    }

    [Fact]
    public void Openings_are_the_golden_bytes()
    {
        foreach (var golden in Read<OpeningsCase>("openings"))
        {
            var openings = golden.Openings.Select(item => new Opening(HexNumber(item.Part), SaltOf(item.Salt), Hex(item.Value))).ToList();
            var bytes = Openings.Encode(openings);
            Assert.Equal(golden.Bytes, Convert.ToHexStringLower(bytes));

            Assert.True(Openings.TryDecode(bytes, out var decoded, out var error), error);
            Assert.Equal(openings.Select(Shape), decoded.Select(Shape));
        }

        static (ulong, UInt128, string) Shape(Opening opening) => (opening.Part, opening.Salt, Convert.ToHexString(opening.Value.Span));
    }

    private static UInt128 SaltOf(string hex) => BinaryPrimitives.ReadUInt128BigEndian(Hex(hex));

    private static Digest DigestOf(string hex) => Digest.Read(Hex(hex));

    private sealed record SaltCase(string Key, string Part, long ChangedMs, string Salt);

    private sealed record ChangedMsCase(string Key, string Part, long Minute, string Value, List<long> Used, long ChangedMs);

    private sealed record CommitmentCase(string Origin, string Record, string Part, long ChangedMs, string Salt, string Value, string Commitment);

    private sealed record StatementCase(string Origin, string Record, ushort Kind, ushort Schema, List<PartCase> Parts, string Bytes, string Hash);

    private sealed record PartCase(string Part, long ChangedMs, string Commitment);

    private sealed record OpeningsCase(List<OpeningCase> Openings, string Bytes);

    private sealed record OpeningCase(string Part, string Salt, string Value);
}
