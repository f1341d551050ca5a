using Federation.Node.Sharing;
using Federation.V1.Records;
using Xunit;
using static Federation.Node.Tests.Sharing.Facts;

namespace Federation.Node.Tests.Sharing;

public sealed class MarkingTableTests
{
    // One row a marking, one column a ceiling, from CLEAR to RED. V visible, C above the ceiling, M not admitted, A not in the audience.
    private static readonly Dictionary<string, string[]> Expected = new()
    {
        ["no audience"] = ["VVVVV", "CVVVV", "CCVVV", "CCCVV", "MMMMM"],
        ["named"] = ["VVVVV", "CVVVV", "CCVVV", "CCCVV", "CCCCV"],
        ["another named"] = ["AAAAA", "CAAAA", "CCAAA", "CCCAA", "MMMMM"],
    };

    public static TheoryData<string, string, string> Cases()
    {
        var cases = new TheoryData<string, string, string>();
        foreach (var audience in Expected.Keys)
        {
            foreach (var marking in Markings.Names)
            {
                foreach (var ceiling in Markings.Names)
                    cases.Add(marking, audience, ceiling);
            }
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_marking_is_enforced_on_records_under_each_ceiling(string marking, string audience, string ceiling)
    {
        var facts = Record(marking: Read(marking), audience: Audience(audience), parts: Part());
        var decision = Policies.AllowAll(ceiling).Decide(ForKr, facts, Now, AllNameable);
        Assert.Equal(Cell(marking, audience, ceiling), Letter(decision.Verdict.ToString()));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_marking_is_enforced_on_parts_under_each_ceiling(string marking, string audience, string ceiling)
    {
        var part = Part(marking: Read(marking), audience: Audience(audience));
        var decision = Policies.AllowAll(ceiling).Decide(ForKr, Record(marking: Marking.Clear, parts: [part, Part()]), Now, AllNameable);
        Assert.Equal(Cell(marking, audience, ceiling), Letter(decision.Parts[0].ToString()));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_part_is_marked_as_its_record_or_higher(string marking, string audience, string ceiling)
    {
        foreach (var envelope in Markings.Names)
        {
            var facts = Record(marking: Read(envelope), audience: Audience(audience), parts: [Part(marking: Read(marking)), Part()]);
            var decision = Policies.AllowAll(ceiling).Decide(ForKr, facts, Now, AllNameable);
            if (!decision.Visible)
                continue;
            var higher = Read(marking) > Read(envelope) ? marking : envelope;
            Assert.Equal(Cell(higher, audience, ceiling), Letter(decision.Parts[0].ToString()));
        }
    }

    private static char Cell(string marking, string audience, string ceiling) =>
        Expected[audience][(int)Read(marking) - 1][(int)Read(ceiling) - 1];

    private static char Letter(string verdict) => verdict[0];

    private static Marking Read(string name) => Markings.TryParse(name, out var marking) ? marking : throw new ArgumentException(name);

    private static Federation.Protocol.Records.InstituteId[]? Audience(string audience) => audience switch
    {
        "named" => [Uk, Kr],
        "another named" => [Uk],
        _ => null,
    };
}
