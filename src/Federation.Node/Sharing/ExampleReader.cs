using Federation.Protocol.Records;

namespace Federation.Node.Sharing;

/// <summary>Reads the examples of a policy.</summary>
internal sealed class ExampleReader(AudienceReader audiences, PolicyFaults faults)
{
    /// <summary>The most examples of a policy.</summary>
    public const int MaxExamples = 256;

    private static readonly string[] Keys = ["name", "record", "for", "at", "expect"];
    private static readonly string[] RecipientKeys = ["institute", "groups"];
    private static readonly string[] Expectations = ["share", "hide"];

    // Nobody can be named so by chance: it is longer than a name that an institute would take.
    private static readonly InstituteId Stranger = InstituteId.Parse("named-by-nobody");

    private readonly UniqueNames _names = new("an example's name", faults);

    /// <summary>Reads an example; null, with a fault, if it is not understood.</summary>
    public PolicyExample? Read(PolicyNode node)
    {
        if (PolicyMapping.Open(node, "an example", Keys, faults) is not { } example)
            return null;
        var name = _names.Read(example, "the example");
        var recipient = ReadRecipient(example.Find("for"));
        var facts = Require(example, "record") is { } record ? new ExampleRecordReader(audiences, faults).Read(record) : null;
        var withheld = PartTypeSet.Empty;
        var hides = false;
        if (Require(example, "expect") is { } expectation)
            withheld = ReadExpectation(expectation, facts, out hides);
        long? at = example.Find("at") is { } moment && PolicyTime.TryReadMoment(moment, "at", faults, out var ms) ? ms : null;
        return facts is null ? null : new PolicyExample
        {
            Name = name,
            Node = node,
            Facts = facts,
            Recipient = Among(recipient, facts.Origin),
            NowMs = at ?? facts.PublishedMs,
            Withheld = hides ? null : withheld,
        };
    }

    // An example asks the rules: of another institute's record it takes for granted that all have loaded the same community list.
    private static Recipient Among(Recipient recipient, InstituteId origin) => new()
    {
        Institute = recipient.Institute,
        Groups = recipient.Groups,
        Fellows = new SortedSet<InstituteId> { origin },
        TakesForwarded = true,
    };

    private Recipient ReadRecipient(PolicyNode? node)
    {
        if (node is null || PolicyMapping.Open(node, "'for'", RecipientKeys, faults) is not { } recipient)
            return Recipient.Of(Stranger);
        if (node.Entries.Count == 0)
            faults.Add(node, "'for' is empty; leave the key out, or give 'institute' or 'groups'");
        var institute = Stranger;
        if (recipient.Find("institute") is { } id)
            PolicyValues.TryReadWord<InstituteId>(id, "institute", [], InstituteId.TryParse, faults, out institute);
        return Recipient.Of(institute, [.. audiences.ReadGroups(recipient.Find("groups"))]);
    }

    // "share", "hide", or the part types that are withheld of a record that is shared.
    private PartTypeSet ReadExpectation(PolicyNode node, RecordFacts? facts, out bool hides)
    {
        hides = false;
        if (node.Shape == PolicyNode.NodeShape.Text)
        {
            PolicyValues.TryReadWord<bool>(node, "value of 'expect'", Expectations, TryParseExpectation, faults, out hides);
            return PartTypeSet.Empty;
        }
        if (PolicyMapping.Open(node, "'expect'", ["withhold"], faults) is not { } expectation)
            return PartTypeSet.Empty;
        if (node.Entries.Count == 0)
            faults.Add(node, "'expect' is empty; expected is share, hide or {withhold: [part types]}");
        var list = PolicyValues.ReadList<int>(expectation.Find("withhold"), "withhold", "part type", PartTypes.Names, PartTypes.TryGetType, faults);
        foreach (var (item, type) in list)
        {
            if (facts is not null && facts.Parts.All(part => part.Type != type))
                faults.Add(item, $"the example's record has no part '{item.Text}'");
        }
        return PartTypeSet.Of([.. list.Select(entry => entry.Value)]);
    }

    private PolicyNode? Require(PolicyMapping example, string key)
    {
        var node = example.Find(key);
        if (node is null)
            faults.Add(example.Node, $"the example has no '{key}'");
        return node;
    }

    private static bool TryParseExpectation(string text, out bool hides)
    {
        hides = text == "hide";
        return hides || text == "share";
    }
}
