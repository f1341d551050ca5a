using System.Diagnostics.CodeAnalysis;
using Federation.Protocol.Records;

namespace Federation.Protocol.Keys;

/// <summary>
/// An institute's manifests from number 1 on, each naming the one before and signed by the root whose fingerprint the operator
/// entered. Immutable.
/// </summary>
public sealed class ManifestChain
{
    private readonly Digest _rootFingerprint;
    private readonly SignatureScheme _scheme;
    private readonly Digest _latestHash;
    // Kept over the whole chain: a key that was revoked and then left out must not come back.
    private readonly IReadOnlySet<KeyId> _revoked;

    private ManifestChain(Digest rootFingerprint, SignatureScheme scheme, Manifest latest, Digest latestHash, IReadOnlySet<KeyId> revoked)
    {
        _rootFingerprint = rootFingerprint;
        _scheme = scheme;
        _latestHash = latestHash;
        _revoked = revoked;
        Latest = latest;
        Keys = new KeyRing(latest, scheme);
    }

    /// <summary>The manifest in force.</summary>
    public Manifest Latest { get; }

    /// <summary>The keys in force.</summary>
    public KeyRing Keys { get; }

    /// <summary>
    /// Verifies a chain from number 1; false, with a sentence in <paramref name="error"/>, if any manifest is malformed, another institute's,
    /// out of order, under another root, wrongly signed, or brings back a revoked key.
    /// </summary>
    public static bool TryVerify(
        InstituteId institute,
        Digest rootFingerprint,
        IReadOnlyList<(byte[] Manifest, byte[] Signature)> manifests,
        SignatureScheme scheme,
        [NotNullWhen(true)] out ManifestChain? chain,
        out string error)
    {
        error = "A chain has at least one manifest.";
        return TryFollow(null, institute, rootFingerprint, manifests, scheme, out chain, ref error);
    }

    /// <summary>Verifies the manifests that follow this chain; without any the answer is this chain.</summary>
    public bool TryExtend(
        IReadOnlyList<(byte[] Manifest, byte[] Signature)> manifests, [NotNullWhen(true)] out ManifestChain? longer, out string error)
    {
        error = "";
        return TryFollow(this, Latest.Origin, _rootFingerprint, manifests, _scheme, out longer, ref error);
    }

    private static bool TryFollow(
        ManifestChain? start,
        InstituteId institute,
        Digest rootFingerprint,
        IReadOnlyList<(byte[] Manifest, byte[] Signature)> manifests,
        SignatureScheme scheme,
        [NotNullWhen(true)] out ManifestChain? end,
        ref string error)
    {
        end = null;
        var latest = start?.Latest;
        var latestHash = start?._latestHash ?? Digest.Zero;
        var revoked = new HashSet<KeyId>(start?._revoked ?? new HashSet<KeyId>());
        foreach (var (bytes, signature) in manifests)
        {
            if (!Manifest.TryDecode(bytes, out var manifest, out error))
                return false;
            if (Refusal(manifest, institute, rootFingerprint, latest?.Number ?? 0, latestHash, revoked) is { } refusal)
            {
                error = refusal;
                return false;
            }
            if (!scheme.Verify(manifest.RootSpki, Manifest.PaeType, bytes, signature))
            {
                error = $"Manifest {manifest.Number} is not signed by the root.";
                return false;
            }
            revoked.UnionWith(manifest.Keys.Where(key => key.State == KeyState.Revoked).Select(key => key.KeyId));
            latest = manifest;
            latestHash = Digest.Sha256(bytes);
        }
        if (latest is null)
            return false;
        end = start is not null && manifests.Count == 0 ? start : new ManifestChain(rootFingerprint, scheme, latest, latestHash, revoked);
        error = "";
        return true;
    }

    private static string? Refusal(
        Manifest manifest, InstituteId institute, Digest rootFingerprint, uint latestNumber, Digest latestHash, HashSet<KeyId> revoked)
    {
        if (manifest.Origin != institute)
            return $"Manifest {manifest.Number} is of {manifest.Origin}, not of {institute}.";
        if (RootFingerprint.Of(manifest.RootSpki.Span) != rootFingerprint)
            return $"Manifest {manifest.Number} names another root than the one that was pinned.";
        if (manifest.Number != latestNumber + 1UL || manifest.Previous != latestHash)
            return $"Manifest {manifest.Number} does not follow manifest {latestNumber}.";
        if (manifest.Keys.FirstOrDefault(key => key.State != KeyState.Revoked && revoked.Contains(key.KeyId)) is { Spki.IsEmpty: false } key)
            return $"Manifest {manifest.Number} brings back the revoked key {key.KeyId}.";
        return null;
    }
}
