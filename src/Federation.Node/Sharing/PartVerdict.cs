namespace Federation.Node.Sharing;

/// <summary>What decided over one part of a visible record.</summary>
internal enum PartVerdict : byte
{
    /// <summary>The part is disclosed.</summary>
    Visible,

    /// <summary>The part's effective TLP does not admit the partner (RED and not named, or an unknown marking).</summary>
    Marking,

    /// <summary>The part's effective TLP is above the policy's ceiling.</summary>
    Ceiling,

    /// <summary>The part's own audience does not name the partner.</summary>
    Audience,

    /// <summary>The part's embargo holds.</summary>
    Embargo,

    /// <summary>A rule withholds the part's type, or the type is withheld unless a rule shows it.</summary>
    Type,

    /// <summary>The part refers to a record that may not be named to the partner.</summary>
    Reference,

    /// <summary>The part is meant for the originator of the record that it refers to, and the partner is another.</summary>
    NotAddressee,
}
