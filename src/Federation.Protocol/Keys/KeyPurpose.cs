namespace Federation.Protocol.Keys;

/// <summary>What a key may be used for, and nothing else. The values are those of the wire.</summary>
public enum KeyPurpose : byte
{
    /// <summary>No purpose; never on the wire.</summary>
    None = 0,

    /// <summary>Proves the node's identity in TLS.</summary>
    Tls = 1,

    /// <summary>Signs the heads of ledgers.</summary>
    Head = 2,

    /// <summary>Signs the statements of forwardable views.</summary>
    Statement = 3,

    /// <summary>Signs receipts.</summary>
    Receipt = 4,
}
