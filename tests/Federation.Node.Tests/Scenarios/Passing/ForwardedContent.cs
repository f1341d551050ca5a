using Federation.Node.Tests.Infrastructure;
using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Node.Tests.Scenarios.Passing;

/// <summary>Records of an institute that its handling does not let a hostile passer-on give to jp, with what the receiver says of each.</summary>
internal static class ForwardedContent
{
    public static IReadOnlyDictionary<string, (string Reason, Func<TestInstitute, RecordId, HostileEntry> Make)> Forbidden { get; } =
        new Dictionary<string, (string, Func<TestInstitute, RecordId, HostileEntry>)>
        {
            ["nothing permits it"] = ("does not permit", (uk, id) => Entry(uk, id, Marking.Green, Onward.None)),
            ["amber for the community"] = ("does not permit", (uk, id) => Entry(uk, id, Marking.Amber, Onward.Community)),
            ["red with a grant"] = ("does not permit", (uk, id) => Entry(uk, id, Marking.Red, Onward.None, Grant("jp"))),
            ["amber+strict with a grant"] = ("does not permit", (uk, id) => Entry(uk, id, Marking.AmberStrict, Onward.None, Grant("jp"))),
            ["a grant for another"] = ("does not permit", (uk, id) => Entry(uk, id, Marking.Amber, Onward.None, Grant("de"))),
            ["a grant for another beside an open record"] = ("does not permit that part", (uk, id) => Entry(uk, id, Marking.Green, Onward.Community, Grant("de"))),
            ["a grant that is red"] = ("does not permit", (uk, id) => Entry(uk, id, Marking.Green, Onward.None, Grant("jp", Marking.Red))),
            ["a part that says none"] = ("does not permit that part", (uk, id) => Entry(uk, id, Marking.Green, Onward.Community, Text(p => p.Onward = Onward.None))),
            ["a part that is amber"] = ("does not permit that part", (uk, id) => Entry(uk, id, Marking.Green, Onward.Community, Text(p => p.Marking = Marking.Amber))),
            ["a part that is red beside a grant"] = (
                "does not permit that part", (uk, id) => Entry(uk, id, Marking.Amber, Onward.None, Grant("jp"), Text(p => p.Marking = Marking.Red))),
            ["an unknown marking"] = ("is not known", (uk, id) => Entry(uk, id, (Marking)9, Onward.Community)),
            ["an unknown onward rule of a part"] = ("does not permit that part", (uk, id) => Entry(uk, id, Marking.Green, Onward.Community, Text(p => p.Onward = (Onward)7))),
            ["flags that have to be understood"] = (
                "have to be understood", (uk, id) => Entry(uk, id, Marking.Green, Onward.Community, Text(p => p.MustUnderstand = 1))),
        };

    /// <summary>A signed entry of an institute with a summary and further parts.</summary>
    public static HostileEntry Entry(TestInstitute origin, RecordId id, Marking marking, Onward onward, params Part[] parts)
    {
        var envelope = new Envelope { Title = "passed on", Marking = marking, Onward = onward, State = RecordState.Final };
        Part summary = new() { FlawSummary = new FlawSummary { Description = "a flaw", Severity = FlawSeverity.Low } };
        return HostileEntry.Disclose(origin, id, envelope, [summary, .. parts], signer: origin.Statements);
    }

    public static HostileEntry Open(TestInstitute origin, RecordId id) => Entry(origin, id, Marking.Green, Onward.Community);

    private static Part Grant(string institute, Marking marking = Marking.Unspecified) =>
        new() { Marking = marking, OnwardGrant = new OnwardGrant { Institute = institute } };

    private static Part Text(Action<Part> change)
    {
        var part = new Part { FlawReproduction = new FlawReproduction { Prerequisites = "steps" } };
        change(part);
        return part;
    }
}
