namespace Federation.Node.Access;

/// <summary>The roles of the institute's own clients; the numbers are stored.</summary>
[Flags]
internal enum ClientRoles
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>May get, list and watch records.</summary>
    Reader = 1,

    /// <summary>May also write records, and sees drafts.</summary>
    Publisher = 2,

    /// <summary>May run the node: partners, policies, clients, evidence.</summary>
    Operator = 4,
}
