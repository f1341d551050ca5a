using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>One policy that is or was in force for a partner.</summary>
internal sealed record StoredPolicy(long Epoch, string Text, Digest ClassHash, long AppliedMs, string Author);
