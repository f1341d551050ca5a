using Federation.Protocol.Records;

namespace Federation.Node.Sharing;

/// <summary>An example of a policy file: a record, whom it is for, when, and what the author expects.</summary>
internal sealed class PolicyExample
{
    /// <summary>The example's name, unique in its file.</summary>
    public required string Name { get; init; }

    /// <summary>Where the example stands.</summary>
    public required PolicyNode Node { get; init; }

    /// <summary>The record.</summary>
    public required RecordFacts Facts { get; init; }

    /// <summary>Whom the decision is for.</summary>
    public required Recipient Recipient { get; init; }

    /// <summary>The moment of the decision, in milliseconds since 1970-01-01 UTC.</summary>
    public required long NowMs { get; init; }

    /// <summary>The part types that are expected to be withheld, while all other parts are shared; null if the record is expected to be hidden.</summary>
    public required PartTypeSet? Withheld { get; init; }

    /// <summary>Runs the example; null if the policy does what is expected, else what happened instead.</summary>
    public string? Run(PolicyDocument document)
    {
        var policy = document.For(Recipient);
        var decision = policy.Decide(Recipient, Facts, NowMs, _ => true);
        if (!decision.Visible)
            return Withheld is null ? null : $"the record is hidden: {DecisionText.Of(decision)}";
        if (Withheld is not { } expected)
            return $"the record is shared: {DecisionText.Of(decision)}";
        for (var i = 0; i < decision.Parts.Count; i++)
        {
            var part = Facts.Parts[i];
            var verdict = decision.Parts[i];
            if ((verdict == PartVerdict.Visible) != expected.Contains(part.Type))
                continue;
            var rule = policy.FindDeciding(Facts, part, verdict) is { } name ? $" (rule '{name}')" : "";
            return $"'{PartTypes.NameOf(part.Type)}' is {(verdict == PartVerdict.Visible ? "shared" : "withheld")}: {DecisionText.Of(verdict)}{rule}";
        }
        return null;
    }
}
