using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>One item of a verified batch.</summary>
internal sealed class ReceivedItem
{
    /// <summary>The entry's hash.</summary>
    public required Digest LeafHash { get; init; }

    /// <summary>The entry; null if only its hash was sent.</summary>
    public required Leaf? Leaf { get; init; }

    /// <summary>The row that the entry supersedes; null if the record was never heard of.</summary>
    public HeldRow? Held { get; init; }

    /// <summary>The record that a DISCLOSE carries; null otherwise.</summary>
    public ReceivedRecord? Record { get; init; }
}
