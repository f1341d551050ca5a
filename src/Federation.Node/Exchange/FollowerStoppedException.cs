namespace Federation.Node.Exchange;

/// <summary>The store says that the ledger is halted: its evidence is kept already, and only an operator lets it go on.</summary>
internal sealed class FollowerStoppedException(string fault) : Exception(fault);
