using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>Finds an imported record again: scheme, external id and path in the set; the digest says whether it changed.</summary>
internal sealed record ImportKey(string Scheme, string ExternalId, string PathInSet, Digest RawDigest);
