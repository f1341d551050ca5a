using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>One client of the institute's own listener.</summary>
/// <param name="Name">The client's name.</param>
/// <param name="SpkiDigest">The SHA-256 of its public key.</param>
/// <param name="Roles">A set of bits: 1 reader, 2 publisher, 4 operator.</param>
/// <param name="AddedMs">When it was added, in milliseconds since 1970-01-01 UTC.</param>
internal sealed record StoredClient(string Name, Digest SpkiDigest, int Roles, long AddedMs);
