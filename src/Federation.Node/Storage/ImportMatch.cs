using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>What an earlier import left.</summary>
internal sealed record ImportMatch(RecordName Name, int Version, Digest RawDigest);
