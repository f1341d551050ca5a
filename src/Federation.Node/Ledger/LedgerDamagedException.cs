namespace Federation.Node.Ledger;

/// <summary>What is stored of a ledger does not fit together, or not what was about to be signed.</summary>
internal sealed class LedgerDamagedException(string finding) : Exception(finding);
