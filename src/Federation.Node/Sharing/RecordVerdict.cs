namespace Federation.Node.Sharing;

/// <summary>What decided over a record as a whole, the first that applies. The numbers are stored: new ones go to the end.</summary>
internal enum RecordVerdict : byte
{
    /// <summary>The record is disclosed, with the parts whose verdict is Visible.</summary>
    Visible = 0,

    /// <summary>No policy is in force for the partner.</summary>
    NoPolicy = 1,

    /// <summary>The kind is not known to this program.</summary>
    UnknownKind = 2,

    /// <summary>The record is a draft.</summary>
    Draft = 3,

    /// <summary>The record's embargo holds.</summary>
    Embargo = 4,

    /// <summary>The envelope's TLP does not admit the partner (RED and not named, or an unknown marking).</summary>
    Marking = 5,

    /// <summary>The envelope's TLP is above the policy's ceiling.</summary>
    Ceiling = 6,

    /// <summary>The record's audience does not name the partner.</summary>
    Audience = 7,

    /// <summary>A deny rule matches.</summary>
    Denied = 8,

    /// <summary>No allow rule matches.</summary>
    NoRule = 9,

    /// <summary>The record is an annotation and its target may not be named to the partner.</summary>
    Target = 10,

    /// <summary>Nothing but the envelope is left, and no rule says that the envelope alone is shared.</summary>
    EnvelopeOnly = 11,

    /// <summary>A rule that allows the record holds it back until later.</summary>
    RuleEmbargo = 12,

    /// <summary>The record is another institute's, and its handling does not let it be passed on to the partner.</summary>
    Onward = 13,
}
