using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Records;
using Google.Protobuf;

namespace Federation.Node.Exchange;

/// <summary>Hears what a partner says at contact of its community lists; either side may say it, and both hold it against their own.</summary>
internal static class Announcements
{
    /// <summary>Takes it over; what a node passes on hangs on it from then on.</summary>
    public static async Task HearAsync(
        INodeStore store, RosterSource roster, Partner partner, IReadOnlyCollection<ByteString> digests, bool? takesForwarded, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (digests.Count > ExchangeLimits.MaxCommunities || digests.Any(digest => digest.Length != Digest.SizeBytes))
        {
            throw FederationError.Exception(
                FederationReason.FieldInvalid, $"community_digests: at most {ExchangeLimits.MaxCommunities} of {Digest.SizeBytes} bytes",
                ("community_digests", $"at most {ExchangeLimits.MaxCommunities} of {Digest.SizeBytes} bytes"));
        }

        List<Digest> said = [.. digests.Select(digest => Digest.Read(digest.Span)).Distinct().OrderBy(digest => digest.ToString(), StringComparer.Ordinal)];
        if (said.SequenceEqual(partner.ItsLists) && (takesForwarded ?? partner.Recipient.TakesForwarded) == partner.Recipient.TakesForwarded)
            return;
        var write = new AnnouncementWrite(partner.Number, said, takesForwarded, time.GetUtcNow().ToUnixTimeMilliseconds());
        switch (await store.SaveAnnouncementAsync(write, cancellationToken))
        {
            case AnnouncementOutcome.TooSoon:
                throw FederationError.Exception(FederationReason.RateLimited, "the community lists changed a moment ago");
            case AnnouncementOutcome.Changed:
                await roster.ReloadAsync(cancellationToken);
                break;
        }
    }
}
