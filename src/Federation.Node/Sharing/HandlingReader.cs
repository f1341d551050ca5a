using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>Reads what an allow rule says about the records that it matches.</summary>
internal sealed class HandlingReader(PolicyMapping rule, RuleConditions conditions, PolicyFaults faults)
{
    /// <summary>The keys, which have no meaning in a deny rule.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["withhold", "show", "envelope", "embargo", "parts"];

    private static readonly string[] EnvelopeWords = ["share", "hide"];
    private static readonly string[] Showable = [.. PartTypes.WithheldUnlessShown.ToTypes().Select(type => PartTypes.NameOf(type)!)];

    /// <summary>Reads it; the answer counts only if no fault was added.</summary>
    public RuleHandling Read()
    {
        var withheld = ReadWithheld();
        return new RuleHandling
        {
            Withheld = withheld,
            Shown = ReadShown(withheld),
            SharesEnvelope = ReadEnvelope(),
            Embargo = EmbargoReader.Read(rule.Find("embargo"), faults),
            Parts = ReadParts(withheld),
        };
    }

    private PartTypeSet ReadWithheld()
    {
        var list = PolicyValues.ReadList<int>(rule.Find("withhold"), "withhold", "part type", PartTypes.Names, PartTypes.TryGetType, faults);
        foreach (var (node, type) in list)
            CheckOccurs(node, type);
        return PartTypeSet.Of([.. list.Select(entry => entry.Value)]);
    }

    private PartTypeSet ReadShown(PartTypeSet withheld)
    {
        var list = PolicyValues.ReadList<int>(rule.Find("show"), "show", "part type", PartTypes.Names, PartTypes.TryGetType, faults);
        foreach (var (node, type) in list)
        {
            if (withheld.Contains(type))
                faults.Add(node, $"the rule both withholds and shows '{node.Text}'");
            else if (!PartTypes.WithheldUnlessShown.Contains(type))
                faults.Add(node, $"'{node.Text}' is shown unless a rule withholds it; 'show' is for {string.Join(", ", Showable)}");
        }
        return PartTypeSet.Of([.. list.Select(entry => entry.Value)]);
    }

    private bool ReadEnvelope()
    {
        if (rule.Find("envelope") is not { } node)
            return false;
        PolicyValues.TryReadWord<bool>(node, "value of 'envelope'", EnvelopeWords, TryParseEnvelope, faults, out var shares);
        return shares;
    }

    private PartHandling[] ReadParts(PartTypeSet withheld)
    {
        if (rule.Find("parts") is not { } node || PolicyMapping.Open(node, "'parts'", PartTypes.Names, "part type", faults) is not { } parts)
            return [];
        if (node.Entries.Count == 0)
            faults.Add(node, "'parts' is empty; leave the key out or name a part type");
        var handlings = new List<PartHandling>();
        foreach (var (key, value) in parts.Node.Entries)
        {
            if (key.Shape != PolicyNode.NodeShape.Text || !PartTypes.TryGetType(key.Text, out var type))
                continue;
            CheckOccurs(key, type);
            if (withheld.Contains(type))
                faults.Add(key, $"the rule withholds every '{key.Text}', so that 'parts' says nothing about it");
            if (ReadPart(value, type) is { IsNone: false } handling)
                handlings.Add(handling);
        }
        return [.. handlings.OrderBy(handling => handling.Type)];
    }

    private PartHandling? ReadPart(PolicyNode node, int type)
    {
        var name = PartTypes.NameOf(type)!;
        if (PolicyMapping.Open(node, $"the handling of '{name}'", ["max_marking", "embargo"], faults) is not { } part)
            return null;
        if (node.Entries.Count == 0)
            faults.Add(node, $"nothing is said about '{name}'; give 'max_marking' or 'embargo'");
        var max = Marking.Red;
        if (part.Find("max_marking") is { } marking)
        {
            if (!PolicyValues.TryReadWord(marking, "marking", Markings.Names, Markings.TryParse, faults, out max))
                return null;
            if (max < conditions.MinMarking)
                faults.Add(marking, $"no '{name}' is shared: a part is marked at least as its record, from 'min_marking' on; use 'withhold'");
        }
        return new PartHandling(type, max, EmbargoReader.Read(part.Find("embargo"), faults));
    }

    private void CheckOccurs(PolicyNode node, int type)
    {
        if (conditions.Kinds.Count > 0 && !conditions.Kinds.Any(kind => PartTypes.MayOccurIn(type, kind)))
            faults.Add(node, $"no record of the rule's kinds has a part '{node.Text}'");
    }

    private static bool TryParseEnvelope(string text, out bool shares)
    {
        shares = text == "share";
        return shares || text == "hide";
    }
}
