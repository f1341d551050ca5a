using Federation.Node.Exchange;
using Federation.Node.Partners;
using Federation.V1.Exchange;

namespace Federation.Node.Operations;

/// <summary>
/// The key manifests of institutes whose records were passed on in a ledger: by these whoever verifies a file proves what it shows of them. Of an
/// institute that is not known here nothing is added, and its records stay unproven.
/// </summary>
internal static class ForwardedManifests
{
    /// <summary>Reads them; looks at the whole ledger.</summary>
    public static async Task<IReadOnlyList<OriginManifests>> ReadAsync(StreamNeeds needs, Partner partner, bool inbound, CancellationToken cancellationToken)
    {
        var found = new List<OriginManifests>();
        foreach (var institute in await needs.Store.ReadForwardedOriginsAsync(partner.Number, inbound, cancellationToken))
        {
            var manifests = needs.Roster.Current.Find(institute)?.Card.Manifests
                ?? (await needs.Store.ReadOriginAsync(institute, cancellationToken) is { } stored ? GetManifestsResponse.Parser.ParseFrom(stored.Manifests).Manifests : null);
            if (manifests is null)
                continue;
            var origin = new OriginManifests { Institute = institute.ToString() };
            origin.Manifests.AddRange(manifests);
            found.Add(origin);
        }

        return found;
    }
}
