using System.Collections.Concurrent;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Grpc.Core;

namespace Federation.Node.Exchange;

/// <summary>
/// The keys by which a follower proves what a partner passes on: those of partners, which are pinned, and of institutes that stand on a community
/// list beside the partner, whose manifests the partner gives and the listed root proves. Of others nothing can be proven. One follower's attempt.
/// </summary>
internal sealed class OriginKeys(FollowerNeeds needs, Partner partner, Func<InstituteId, CancellationToken, Task<GetManifestsResponse?>> ask)
{
    // Of the loops that verify and that repair. What is null was asked for in vain, and is not asked for again in this attempt.
    private readonly ConcurrentDictionary<InstituteId, KeyRing?> listed = new();

    /// <summary>Keys for which a partner is asked over its line.</summary>
    public static OriginKeys Over(FollowerNeeds needs, Partner partner, ExchangeService.ExchangeServiceClient client) => new(needs, partner, async (institute, cancellationToken) =>
    {
        try
        {
            return await client.GetManifestsAsync(
                new GetManifestsRequest { Institute = institute.ToString(), FromNumber = 1 },
                deadline: needs.Time.GetUtcNow().UtcDateTime + ExchangeLimits.UnaryDeadline,
                cancellationToken: cancellationToken);
        }
        catch (RpcException refused) when (refused.StatusCode is StatusCode.NotFound or StatusCode.InvalidArgument or StatusCode.Unimplemented)
        {
            return null;
        }
    });

    /// <summary>Keys that a file brings along.</summary>
    public static OriginKeys Of(FollowerNeeds needs, Partner partner, LedgerExportHeader header) => new(needs, partner, (institute, _) =>
    {
        var chain = header.ForwardedOrigins.FirstOrDefault(origin => origin.Institute == institute.ToString());
        return Task.FromResult(chain is null ? null : new GetManifestsResponse { Manifests = { chain.Manifests } });
    });

    /// <summary>The keys of an institute; null if they are not at hand.</summary>
    public KeyRing? Find(InstituteId institute)
    {
        if (institute == needs.Identity.Institute)
            return needs.Identity.Keys;
        return needs.Roster.Current.Find(institute)?.Keys ?? listed.GetValueOrDefault(institute);
    }

    /// <summary>Looks for the keys that a batch could not be proven by; true if some were found, so that the batch is to be proven anew.</summary>
    public async Task<bool> FetchMissingAsync(BatchVerdict verdict, CancellationToken cancellationToken)
    {
        var found = false;
        foreach (var entry in verdict.Entries.Where(entry => entry.Provenance == EntryProvenance.ForwardedUnproven))
            found |= await FetchMissingAsync(entry.Leaf.Origin, cancellationToken);
        return found;
    }

    /// <summary>Looks for the keys of one institute; true if some were found that were not at hand before.</summary>
    public async Task<bool> FetchMissingAsync(InstituteId institute, CancellationToken cancellationToken) =>
        institute != partner.Institute && Find(institute) is null && !listed.ContainsKey(institute)
        && listed.TryAdd(institute, await FetchAsync(institute, cancellationToken)) && listed[institute] is not null;

    private async Task<KeyRing?> FetchAsync(InstituteId institute, CancellationToken cancellationToken)
    {
        if (needs.Roster.Current.Communities.RootBeside(partner.Institute, partner.RootFingerprint, institute) is not { } root)
            return null;
        if (await needs.Store.ReadOriginAsync(institute, cancellationToken) is { } stored && Verify(institute, root, GetManifestsResponse.Parser.ParseFrom(stored.Manifests)) is { } known)
            return known;
        if (await ask(institute, cancellationToken) is not { } given || Verify(institute, root, given) is not { } keys)
            return null;
        var origin = new StoredOrigin(institute, root, Google.Protobuf.MessageExtensions.ToByteArray(given), partner.Number, needs.Time.GetUtcNow().ToUnixTimeMilliseconds());
        await needs.Store.SaveOriginAsync(origin, cancellationToken);
        return keys;
    }

    private KeyRing? Verify(InstituteId institute, Digest root, GetManifestsResponse given)
    {
        if (given.Manifests.Count is 0 or > ExchangeLimits.MaxManifests)
            return null;
        var manifests = given.Manifests.Select(manifest => (manifest.Payload.ToByteArray(), manifest.Signature.ToByteArray())).ToList();
        return ManifestChain.TryVerify(institute, root, manifests, needs.Scheme, out var chain, out _) ? chain.Keys : null;
    }
}
