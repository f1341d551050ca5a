using Federation.Protocol.Heads;

namespace Federation.Node.Storage;

/// <summary>Begins the ledger for a partner anew, if it still is as the reset was made for.</summary>
/// <param name="Partner">The partner.</param>
/// <param name="ExpectedLedger">The ledger's id before.</param>
/// <param name="ExpectedIncarnation">The ledger's incarnation before.</param>
/// <param name="Ledger">The ledger's id from now on.</param>
/// <param name="Incarnation">The incarnation that begins.</param>
/// <param name="Payload">The reset as signed.</param>
/// <param name="Signature">The root's signature.</param>
/// <param name="NowMs">When it comes into force, in milliseconds since 1970-01-01 UTC.</param>
internal sealed record LedgerResetWrite(
    int Partner, LedgerId ExpectedLedger, uint ExpectedIncarnation, LedgerId Ledger, uint Incarnation, byte[] Payload, byte[] Signature, long NowMs);
