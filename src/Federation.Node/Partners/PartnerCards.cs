using System.Diagnostics.CodeAnalysis;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;

namespace Federation.Node.Partners;

/// <summary>Checks partner cards.</summary>
internal static class PartnerCards
{
    private const int MaxAddresses = 8;
    private const int MaxManifests = 64;

    /// <summary>Verifies a card's chain of manifests against the root that it names itself; whether that root is right is for people to compare.</summary>
    public static bool TryVerify(PartnerCard card, SignatureScheme scheme, [NotNullWhen(true)] out VerifiedCard? verified, out string error)
    {
        verified = null;
        if (!InstituteId.TryParse(card.Institute, out var institute))
            return Refuse("institute: an id is 2 to 16 of [a-z0-9-]", out error);
        if (card.Addresses.Count > MaxAddresses)
            return Refuse($"addresses: at most {MaxAddresses}", out error);
        foreach (var address in card.Addresses)
        {
            if (!Uri.TryCreate($"https://{address}", UriKind.Absolute, out var uri) || uri.Port <= 0 || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
                return Refuse($"addresses: '{address}' is not host:port", out error);
        }

        if (card.Manifests.Count is 0 or > MaxManifests)
            return Refuse($"manifests: 1 to {MaxManifests}", out error);
        var manifests = card.Manifests.Select(m => (m.Payload.ToByteArray(), m.Signature.ToByteArray())).ToList();
        if (!Manifest.TryDecode(manifests[0].Item1, out var first, out error))
            return false;
        var fingerprint = RootFingerprint.Of(first.RootSpki.Span);
        if (!ManifestChain.TryVerify(institute, fingerprint, manifests, scheme, out var chain, out error))
            return false;
        verified = new VerifiedCard(institute, fingerprint, chain.Keys);
        return true;
    }

    private static bool Refuse(string reason, out string error)
    {
        error = reason;
        return false;
    }
}
