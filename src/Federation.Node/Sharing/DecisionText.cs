namespace Federation.Node.Sharing;

/// <summary>Says in a sentence what decided; for operators of the own institute, never for a partner.</summary>
internal static class DecisionText
{
    /// <summary>The sentence for a decision over a record.</summary>
    public static string Of(Decision decision) => decision switch
    {
        { Verdict: RecordVerdict.Visible, Rule: { } rule } => $"Rule '{rule}' allows the record.",
        { Verdict: RecordVerdict.Denied, Rule: { } rule } => $"Rule '{rule}' denies the record.",
        { Verdict: RecordVerdict.RuleEmbargo, Rule: { } rule } => $"Rule '{rule}' holds the record back until later.",
        _ => Of(decision.Verdict),
    };

    /// <summary>The sentence for a verdict over a record.</summary>
    public static string Of(RecordVerdict verdict) => verdict switch
    {
        RecordVerdict.Visible => "A rule allows the record.",
        RecordVerdict.NoPolicy => "No policy is in force for the partner.",
        RecordVerdict.UnknownKind => "The record is of a kind that this program does not know.",
        RecordVerdict.Draft => "The record is a draft.",
        RecordVerdict.Embargo => "The record's embargo holds.",
        RecordVerdict.Marking => "The record's marking does not admit the partner: RED and not named as an institute in the audience, or unknown.",
        RecordVerdict.Ceiling => "The record's marking is above the policy's ceiling.",
        RecordVerdict.Audience => "The record's audience does not name the partner.",
        RecordVerdict.Denied => "A rule denies the record.",
        RecordVerdict.NoRule => "No rule allows the record.",
        RecordVerdict.Target => "The record annotates a record that may not be named to the partner.",
        RecordVerdict.EnvelopeOnly => "Nothing but the envelope is left, and no rule shares the envelope alone.",
        RecordVerdict.RuleEmbargo => "A rule holds the record back until later.",
        RecordVerdict.Onward => "The record is another institute's, and its handling does not let it be passed on to the partner.",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "Not a verdict over a record."),
    };

    /// <summary>The sentence for a verdict over a part.</summary>
    public static string Of(PartVerdict verdict) => verdict switch
    {
        PartVerdict.Visible => "The part is disclosed.",
        PartVerdict.Marking => "The part's marking does not admit the partner: RED and not named as an institute in the audience, or unknown.",
        PartVerdict.Ceiling => "The part's marking is above the policy's ceiling.",
        PartVerdict.Audience => "The part's own audience does not name the partner.",
        PartVerdict.Embargo => "The part's embargo holds.",
        PartVerdict.Type => "A rule withholds parts of this type, or no rule shows them although one has to.",
        PartVerdict.Reference => "The part refers to a record that may not be named to the partner.",
        PartVerdict.NotAddressee => "The part is for the originator of the annotated record only.",
        PartVerdict.RuleMarking => "A rule shares parts of this type only up to a lower marking.",
        PartVerdict.RuleEmbargo => "A rule holds parts of this type back until later.",
        PartVerdict.Onward => "The part's handling does not let it be passed on to the partner.",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "Not a verdict over a part."),
    };
}
