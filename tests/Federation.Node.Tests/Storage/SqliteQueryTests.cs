namespace Federation.Node.Tests.Storage;

/// <summary>The contract of queries, on SQLite.</summary>
public sealed class SqliteQueryTests() : QueryContract(StoreDrivers.Sqlite);
