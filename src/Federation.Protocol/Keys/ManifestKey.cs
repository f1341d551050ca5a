namespace Federation.Protocol.Keys;

/// <summary>One key of a manifest.</summary>
/// <param name="Purpose">What it may be used for.</param>
/// <param name="State">Whether it counts.</param>
/// <param name="Spki">The public key, as DER SubjectPublicKeyInfo; a key of an algorithm not known here is carried and verifies nothing.</param>
public readonly record struct ManifestKey(KeyPurpose Purpose, KeyState State, ReadOnlyMemory<byte> Spki)
{
    /// <summary>The key's id.</summary>
    public KeyId KeyId => KeyId.Of(Spki.Span);
}
