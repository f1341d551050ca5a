using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;

namespace Federation.Protocol.Tests.Statements;

/// <summary>R3 and R4 as pure functions: what two signed objects can't both say.</summary>
public class StatementContradictionTests
{
    private static readonly InstituteId Origin = InstituteId.Parse("uk");
    private static readonly Digest One = Digest.Sha256("one"u8);
    private static readonly Digest Other = Digest.Sha256("other"u8);

    [Fact]
    public void R4_two_commitments_to_one_part_at_one_time_are_found_among_any_others()
    {
        var random = new Random(7);
        for (var round = 0; round < 2_000; round++)
        {
            var parts = Enumerable.Range(1, random.Next(1, 12)).Select(i => ((ulong)i * 1000, (long)random.Next(3))).ToList();
            var (first, second) = (Some(parts, random), Some(parts, random));
            var shared = first.Select(p => p.Part).Intersect(second.Select(p => p.Part)).ToList();
            Assert.Null(StatementContradiction.Find(Make(first), Make(second)));

            var lie = shared[random.Next(shared.Count)];
            for (var i = 0; i < second.Length; i++)
                second[i] = second[i].Part == lie ? second[i] with { Commitment = Other } : second[i];
            var found = StatementContradiction.Find(Make(first), Make(second));
            Assert.Equal((lie, One, Other), (found!.Value.Part, found.Value.First, found.Value.Second));
            Assert.Equal((lie, Other, One), (StatementContradiction.Find(Make(second), Make(first))!.Value.Part, Other, One));
        }
    }

    [Fact]
    public void R4_another_time_of_change_or_another_record_contradicts_nothing()
    {
        var first = Make([new StatementPart(0, 5, One)]);

        Assert.Null(StatementContradiction.Find(first, Make([new StatementPart(0, 6, Other)])));
        Assert.Null(StatementContradiction.Find(first, Make([new StatementPart(0, 5, Other)], record: 2)));
        Assert.NotNull(StatementContradiction.Find(first, Make([new StatementPart(0, 5, Other)])));
    }

    [Fact]
    public void R3_two_heads_of_one_size_contradict_each_other_by_root_or_by_live_entries()
    {
        var head = new Head(LedgerId.Parse("00112233445566778899aabbccddeeff"), 1, 7, One, 10, true, 1, 3, One);

        Assert.Null(HeadContradiction.Find(head, head with { TimeMs = 20 }));
        Assert.NotNull(HeadContradiction.Find(head, head with { Root = Other }));
        Assert.NotNull(HeadContradiction.Find(head, head with { LiveDigest = Other }));
        Assert.NotNull(HeadContradiction.Find(head, head with { LiveCount = 4 }));
        Assert.Null(HeadContradiction.Find(head, head with { Tip = false, LiveCount = 0, LiveDigest = Digest.Zero }));
        Assert.Null(HeadContradiction.Find(head, head with { Size = 8, Root = Other }));
        Assert.Null(HeadContradiction.Find(head, head with { Incarnation = 2, Root = Other }));
    }

    // The envelope and some of the parts, each with the one commitment that it has at its time.
    private static StatementPart[] Some(List<(ulong Part, long ChangedMs)> parts, Random random) =>
        [new StatementPart(0, 1, One), .. parts.Where(_ => random.Next(2) == 0).Select(p => new StatementPart(p.Part, p.ChangedMs, One))];

    private static Statement Make(StatementPart[] parts, int record = 1)
    {
        Assert.True(Statement.TryDecode(Statement.Encode(Origin, new RecordId((UInt128)record), 1, 1, parts), out var statement, out _));
        return statement;
    }
}
