using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Cli.Setup;

/// <summary>Reads partner cards and checks that they are whole.</summary>
internal static class PartnerCards
{
    private const int MaxSizeBytes = 1024 * 1024;

    /// <summary>Reads a card, in protobuf's binary form or as JSON.</summary>
    public static PartnerCard Read(string file)
    {
        if (new FileInfo(file).Length > MaxSizeBytes)
            throw CommandFailureException.Usage($"{file} is too large for a partner card.");
        var bytes = File.ReadAllBytes(file);
        try
        {
            return bytes.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("{"u8)
                ? JsonParser.Default.Parse<PartnerCard>(System.Text.Encoding.UTF8.GetString(bytes))
                : PartnerCard.Parser.ParseFrom(bytes);
        }
        catch (IOException fault)
        {
            throw CommandFailureException.Usage($"{file} is not a partner card. {fault.Message}");
        }
    }

    /// <summary>
    /// The fingerprint of the root that signed the card's manifests. It proves only that the card is whole: whether the root is the
    /// institute's is for people to compare.
    /// </summary>
    public static Digest Fingerprint(PartnerCard card)
    {
        if (!InstituteId.TryParse(card.Institute, out var institute))
            throw CommandFailureException.Unverified("The card names no institute.");
        var manifests = card.Manifests.Select(manifest => (manifest.Payload.ToByteArray(), manifest.Signature.ToByteArray())).ToList();
        if (manifests.Count == 0 || !Manifest.TryDecode(manifests[0].Item1, out var first, out var error))
            throw CommandFailureException.Unverified("The card holds no key manifest.");
        var fingerprint = RootFingerprint.Of(first.RootSpki.Span);
        if (!ManifestChain.TryVerify(institute, fingerprint, manifests, SignatureScheme.Ecdsa, out _, out error))
            throw CommandFailureException.Unverified($"The card's key manifests do not verify. {error}");
        return fingerprint;
    }
}
