namespace Federation.Node.Tests.Storage;

/// <summary>The contract of what decided entries and of removals, on SQLite.</summary>
public sealed class SqliteHistoryTests() : HistoryContract(StoreDrivers.Sqlite);
