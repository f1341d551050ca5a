using Federation.Node.Ledger;
using Federation.Node.Sharing;
using Federation.Protocol.Records;
using Federation.V1.Node;

namespace Federation.Node.Operations;

/// <summary>Says of each part of a record what decided over it.</summary>
internal static class PartExplanations
{
    /// <summary>The decision over the envelope and over each part, in the order of part ids.</summary>
    /// <param name="policy">The policy that was asked; null if there is none.</param>
    /// <param name="judged">The record.</param>
    /// <param name="decision">What it says.</param>
    /// <param name="keyOf">The publisher's key of a part.</param>
    public static IEnumerable<PartExplanation> Of(SharingPolicy? policy, JudgedRecord judged, Decision decision, Func<ulong, string> keyOf)
    {
        var reason = DecisionText.Of(decision);
        yield return new PartExplanation
        {
            Type = "envelope",
            Visible = decision.Visible,
            Reason = reason,
            Rule = decision.Rule ?? "",
            Marking = judged.Facts.Marking,
        };
        for (var i = 0; i < judged.Facts.Parts.Count; i++)
        {
            var part = judged.Facts.Parts[i];
            if (judged.Shape.Parts[i + 1].Gone)
                continue;
            var verdict = decision.Visible ? decision.Parts[i] : (PartVerdict?)null;
            yield return new PartExplanation
            {
                PartId = part.Part,
                Type = PartTypes.NameOf(part.Type) ?? $"{part.Type}",
                Key = keyOf(part.Part),
                Visible = verdict == PartVerdict.Visible,
                Reason = verdict is { } known ? DecisionText.Of(known) : reason,
                Rule = (verdict is { } decided ? policy?.FindDeciding(judged.Facts, part, decided) : decision.Rule) ?? "",
                Marking = Markings.Effective(judged.Facts.Marking, part.Marking),
            };
        }
    }
}
