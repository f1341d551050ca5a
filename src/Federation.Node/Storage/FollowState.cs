namespace Federation.Node.Storage;

/// <summary>The durable state of a follower; the numbers are part of the schema.</summary>
internal enum FollowState
{
    /// <summary>There has been no contact yet.</summary>
    New = 0,

    /// <summary>The follower runs.</summary>
    Following = 1,

    /// <summary>A proof failed; only an operator starts it again.</summary>
    Halted = 2,
}
