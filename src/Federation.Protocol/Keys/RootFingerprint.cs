using Federation.Protocol.Records;

namespace Federation.Protocol.Keys;

/// <summary>What two operators compare by voice or on paper: SHA-256 of the root's SubjectPublicKeyInfo.</summary>
public static class RootFingerprint
{
    private const int DigitsPerGroup = 4;

    /// <summary>The fingerprint of a root key, given as DER SubjectPublicKeyInfo.</summary>
    public static Digest Of(ReadOnlySpan<byte> rootSpki) => Digest.Sha256(rootSpki);

    /// <summary>Sixteen groups of four lower-case hexadecimal digits, joined by <c>-</c>.</summary>
    public static string Format(Digest fingerprint) =>
        string.Join('-', fingerprint.ToString().Chunk(DigitsPerGroup).Select(group => new string(group)));

    /// <summary>Reads 64 hexadecimal digits; <c>-</c>, <c>:</c> and spaces between them are skipped.</summary>
    public static bool TryParse(string? text, out Digest fingerprint) =>
        Digest.TryParse(text?.Replace("-", "", StringComparison.Ordinal)
            .Replace(":", "", StringComparison.Ordinal)
            .Replace(" ", "", StringComparison.Ordinal), out fingerprint);
}
