using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>The key by which a client repeats a call safely; it belongs to the client and is kept 7 days.</summary>
internal sealed record IdempotencyKey(string Client, string Key, Digest RequestDigest);
