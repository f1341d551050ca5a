using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>The key manifests of an institute that is no partner and whose records a partner passes on.</summary>
/// <param name="Institute">The institute.</param>
/// <param name="Root">The fingerprint of its root key, as a community list has it.</param>
/// <param name="Manifests">The chain of its manifests, as the response to GetManifests carried it.</param>
/// <param name="Partner">The partner that gave it.</param>
/// <param name="NowMs">When, in milliseconds since 1970-01-01 UTC.</param>
internal sealed record StoredOrigin(InstituteId Institute, Digest Root, byte[] Manifests, int Partner, long NowMs);
