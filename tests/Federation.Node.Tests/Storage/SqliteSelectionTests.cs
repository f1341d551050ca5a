namespace Federation.Node.Tests.Storage;

/// <summary>The contract of selections, on SQLite.</summary>
public sealed class SqliteSelectionTests() : SelectionContract(StoreDrivers.Sqlite);
