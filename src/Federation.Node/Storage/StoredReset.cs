namespace Federation.Node.Storage;

/// <summary>A ledger that began anew; kept for ever.</summary>
/// <param name="Partner">The partner.</param>
/// <param name="Outbound">Whether it is the node's own ledger for the partner; otherwise the partner's that the node follows.</param>
/// <param name="Incarnation">The incarnation that begins.</param>
/// <param name="Payload">The reset as signed.</param>
/// <param name="Signature">The root's signature.</param>
/// <param name="NotedMs">When it came into force, or was first heard of, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="AcceptedMs">When an operator accepted it; 0 while none has. An own reset is accepted by being put in force.</param>
/// <param name="HeldSize">The size that the follower held of the old incarnation when it was accepted.</param>
internal sealed record StoredReset(
    int Partner, bool Outbound, uint Incarnation, byte[] Payload, byte[] Signature, long NotedMs, long AcceptedMs, ulong HeldSize);
