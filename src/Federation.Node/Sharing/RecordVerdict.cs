namespace Federation.Node.Sharing;

/// <summary>What decided over a record as a whole, the first that applies.</summary>
internal enum RecordVerdict : byte
{
    /// <summary>The record is disclosed, with the parts whose verdict is Visible.</summary>
    Visible,

    /// <summary>No policy is in force for the partner.</summary>
    NoPolicy,

    /// <summary>The kind is not known to this program.</summary>
    UnknownKind,

    /// <summary>The record is a draft.</summary>
    Draft,

    /// <summary>The record's embargo holds.</summary>
    Embargo,

    /// <summary>The envelope's TLP does not admit the partner (RED and not named, or an unknown marking).</summary>
    Marking,

    /// <summary>The envelope's TLP is above the policy's ceiling.</summary>
    Ceiling,

    /// <summary>The record's audience does not name the partner.</summary>
    Audience,

    /// <summary>A deny rule matches.</summary>
    Denied,

    /// <summary>No allow rule matches.</summary>
    NoRule,

    /// <summary>The record is an annotation and its target may not be named to the partner.</summary>
    Target,

    /// <summary>Nothing but the envelope is left, and no rule says that the envelope alone is shared.</summary>
    EnvelopeOnly,
}
