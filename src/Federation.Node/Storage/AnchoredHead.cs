using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>The largest head of one ledger that was ever about to be signed.</summary>
internal readonly record struct AnchoredHead(LedgerId Ledger, uint Incarnation, ulong Size, Digest Root);
