namespace Federation.Node.Storage;

/// <summary>The ways a write can end.</summary>
internal enum WriteVerdict
{
    /// <summary>The write is durable.</summary>
    Written,

    /// <summary>The same call was made before; its result is returned.</summary>
    Repeated,

    /// <summary>The idempotency key was used with another body.</summary>
    KeyReused,

    /// <summary>There is no such own record.</summary>
    NotFound,

    /// <summary>The record's version is another than the caller has seen.</summary>
    Conflict,

    /// <summary>A new record's id exists already, or another record has the same import key.</summary>
    Exists,

    /// <summary>The record is erased.</summary>
    Erased,

    /// <summary>The record is published and can't become a draft.</summary>
    Published,

    /// <summary>An audience names a group that does not exist.</summary>
    UnknownGroup,
}
