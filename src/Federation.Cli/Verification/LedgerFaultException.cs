namespace Federation.Cli.Verification;

/// <summary>A ledger export does not prove what it should; the message says what fails.</summary>
internal sealed class LedgerFaultException(string message) : Exception(message);
