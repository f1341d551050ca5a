namespace Federation.Protocol.Keys;

/// <summary>Whether a key counts. The values are those of the wire.</summary>
public enum KeyState : byte
{
    /// <summary>No state; never on the wire.</summary>
    None = 0,

    /// <summary>Published ahead of its use; verifies nothing yet.</summary>
    Announced = 1,

    /// <summary>In use.</summary>
    Active = 2,

    /// <summary>Verifies nothing any more, and never again.</summary>
    Revoked = 3,
}
