namespace Federation.Node.Access;

/// <summary>Which of a node's two listeners a connection came in by.</summary>
internal enum Listener
{
    /// <summary>Partners' nodes.</summary>
    Partner,

    /// <summary>The institute's own systems and operators.</summary>
    Own,
}
