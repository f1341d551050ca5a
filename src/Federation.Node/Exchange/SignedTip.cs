using Federation.Protocol.Heads;
using Federation.V1.Exchange;

namespace Federation.Node.Exchange;

/// <summary>A head that was signed at the tip of a ledger, with its signature.</summary>
internal sealed record SignedTip(Head Head, SignedBytes Signed);
