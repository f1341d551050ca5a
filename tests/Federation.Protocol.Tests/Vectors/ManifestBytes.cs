namespace Federation.Protocol.Tests.Vectors;

/// <summary>A case of manifest.json.</summary>
internal sealed record ManifestBytes(
    string Origin, uint Number, string Previous, long TimeMs, string RootSpki, List<ManifestBytes.Key> Keys, string Bytes, string Signature)
{
    internal sealed record Key(byte Purpose, byte State, string Spki);
}
