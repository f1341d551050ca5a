namespace Federation.Node.Sharing;

/// <summary>What decided over one part of a visible record. The numbers are stored: new ones go to the end.</summary>
internal enum PartVerdict : byte
{
    /// <summary>The part is disclosed.</summary>
    Visible = 0,

    /// <summary>The part's effective TLP does not admit the partner (RED and not named, or an unknown marking).</summary>
    Marking = 1,

    /// <summary>The part's effective TLP is above the policy's ceiling.</summary>
    Ceiling = 2,

    /// <summary>The part's own audience does not name the partner.</summary>
    Audience = 3,

    /// <summary>The part's embargo holds.</summary>
    Embargo = 4,

    /// <summary>A rule withholds the part's type, or the type is withheld unless a rule shows it.</summary>
    Type = 5,

    /// <summary>The part refers to a record that may not be named to the partner.</summary>
    Reference = 6,

    /// <summary>The part is meant for the originator of the record that it refers to, and the partner is another.</summary>
    NotAddressee = 7,

    /// <summary>A rule shares parts of this type only up to a lower marking.</summary>
    RuleMarking = 8,

    /// <summary>A rule holds parts of this type back until later.</summary>
    RuleEmbargo = 9,

    /// <summary>The record is another institute's, and the part's handling does not let it be passed on to the partner.</summary>
    Onward = 10,
}
