using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;

namespace Federation.Cli.Verification;

/// <summary>
/// The institutes whose records a ledger passes on, with the keys that the file has of them. The file names their roots itself: whether those are
/// right is for people to compare.
/// </summary>
internal sealed class ForwardedOrigins
{
    private readonly SortedDictionary<InstituteId, (Digest Root, KeyRing Keys)> _known = [];
    private readonly SortedDictionary<InstituteId, ulong> _proven = [];
    private readonly SortedDictionary<InstituteId, ulong> _unproven = [];

    /// <exception cref="LedgerFaultException">A chain of manifests does not verify.</exception>
    public ForwardedOrigins(IEnumerable<OriginManifests> origins)
    {
        foreach (var origin in origins)
        {
            if (!InstituteId.TryParse(origin.Institute, out var institute) || origin.Manifests.Count == 0
                || !Manifest.TryDecode(origin.Manifests[0].Payload.Span, out var first, out _))
                throw new LedgerFaultException("The file names an origin of forwarded records without its key manifests.");
            var root = RootFingerprint.Of(first.RootSpki.Span);
            var manifests = origin.Manifests.Select(manifest => (manifest.Payload.ToByteArray(), manifest.Signature.ToByteArray())).ToList();
            if (!ManifestChain.TryVerify(institute, root, manifests, SignatureScheme.Ecdsa, out var chain, out var error))
                throw new LedgerFaultException($"The key manifests of {institute} do not verify. {error}");
            _known[institute] = (root, chain.Keys);
        }
    }

    /// <summary>The origins whose signatures prove their records, with the root of each and how many entries it signed.</summary>
    public IEnumerable<(InstituteId Institute, Digest Root, ulong Entries)> Proven => _proven.Select(pair => (pair.Key, _known[pair.Key].Root, pair.Value));

    /// <summary>The origins whose keys the file does not have, with the number of entries that are said to be theirs.</summary>
    public IEnumerable<(InstituteId Institute, ulong Entries)> Unproven => _unproven.Select(pair => (pair.Key, pair.Value));

    /// <summary>The keys of an origin; null if the file has none. Counts the entry on the one side or the other.</summary>
    public KeyRing? KeysFor(InstituteId institute)
    {
        if (_known.TryGetValue(institute, out var known))
        {
            _proven[institute] = _proven.GetValueOrDefault(institute) + 1;
            return known.Keys;
        }
        _unproven[institute] = _unproven.GetValueOrDefault(institute) + 1;
        return null;
    }
}
