using Federation.Protocol.Heads;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;

namespace Federation.Cli.Verification;

/// <summary>What a follower's receipt proves.</summary>
/// <param name="Receipt">The receipt.</param>
/// <param name="Key">The key that signed it.</param>
/// <param name="Root">The fingerprint of the follower's root.</param>
/// <param name="RootIsPinned">Whether that root was given by the caller; otherwise it is only what the file says.</param>
/// <param name="TreeIsCompared">Whether the receipt's root was recomputed; not if its size falls inside entries shown as one hash.</param>
internal sealed record ReceiptFinding(Receipt Receipt, KeyId Key, Digest Root, bool RootIsPinned, bool TreeIsCompared);
