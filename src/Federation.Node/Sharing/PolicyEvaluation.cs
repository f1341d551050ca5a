using Federation.Protocol.Records;

namespace Federation.Node.Sharing;

/// <summary>The rules of a normal form, composed to delegates and sorted by the kinds that they speak of.</summary>
internal sealed class PolicyEvaluation
{
    private readonly SharingRule[] _rules;
    private readonly Predicate<RecordFacts>[] _matches;
    private readonly int[][] _denials;
    private readonly int[][] _allowances;

    /// <summary>Prepares rules; a match counts them in this order.</summary>
    public PolicyEvaluation(IReadOnlyList<SharingRule> rules)
    {
        _rules = [.. rules];
        _matches = [.. rules.Select(rule => rule.MatchesBeyondKind)];
        _denials = ByKind(denies: true);
        _allowances = ByKind(denies: false);
    }

    /// <summary>Asks the rules about a record.</summary>
    public RuleMatch Match(RecordFacts facts)
    {
        if (!RecordKinds.IsKnown(facts.Kind))
            return default;
        foreach (var i in _denials[(int)facts.Kind])
        {
            if (_matches[i](facts))
                return new RuleMatch { Denial = i + 1 };
        }
        var first = 0;
        var holding = 0;
        var releaseMs = 0L;
        var withheld = PartTypeSet.Empty;
        var shown = PartTypeSet.Empty;
        var sharesEnvelope = false;
        PartHandling[]? parts = null;
        foreach (var i in _allowances[(int)facts.Kind])
        {
            if (!_matches[i](facts))
                continue;
            var handling = _rules[i].Handling;
            first = first == 0 ? i + 1 : first;
            withheld = withheld.Union(handling.Withheld);
            shown = shown.Union(handling.Shown);
            sharesEnvelope |= handling.SharesEnvelope;
            if (handling.Parts.Length > 0)
                parts = parts is null ? handling.Parts : RuleHandling.Stricter(parts, handling.Parts);
            if (handling.Embargo.ReleaseMs(facts) is var ms && ms > releaseMs)
                (holding, releaseMs) = (i + 1, ms);
        }
        return new RuleMatch
        {
            Allowance = first,
            Holding = holding,
            ReleaseMs = releaseMs,
            HiddenTypes = withheld.Union(PartTypes.WithheldUnlessShown.Except(shown)),
            SharesEnvelope = sharesEnvelope,
            PartHandlings = parts,
        };
    }

    private int[][] ByKind(bool denies)
    {
        var byKind = new int[RecordKinds.Bound][];
        for (var kind = 0; kind < byKind.Length; kind++)
        {
            var known = (V1.Records.RecordKind)kind;
            byKind[kind] = [.. Enumerable.Range(0, _rules.Length).Where(i => _rules[i].Denies == denies && _rules[i].Conditions.SpeaksOf(known))];
        }
        return byKind;
    }
}
