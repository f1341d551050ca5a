using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>What a partner says of itself at contact, as far as passing records on goes.</summary>
/// <param name="Partner">The partner.</param>
/// <param name="Communities">The digests of its community lists on which this institute stands, in ascending order.</param>
/// <param name="TakesForwarded">Whether it verifies records that are passed on to it; null leaves what it said before.</param>
/// <param name="NowMs">The moment, in milliseconds since 1970-01-01 UTC.</param>
internal sealed record AnnouncementWrite(int Partner, IReadOnlyList<Digest> Communities, bool? TakesForwarded, long NowMs);
