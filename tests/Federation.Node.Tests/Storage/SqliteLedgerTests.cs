namespace Federation.Node.Tests.Storage;

/// <summary>The contract of ledgers, on SQLite.</summary>
public sealed class SqliteLedgerTests() : LedgerContract(StoreDrivers.Sqlite);
