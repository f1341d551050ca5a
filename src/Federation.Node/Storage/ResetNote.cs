namespace Federation.Node.Storage;

/// <summary>A partner's reset that an operator has to accept before its ledger is followed again.</summary>
/// <param name="Incarnation">The incarnation that begins.</param>
/// <param name="Payload">The reset as signed.</param>
/// <param name="Signature">The root's signature, which was verified.</param>
internal sealed record ResetNote(uint Incarnation, byte[] Payload, byte[] Signature);
