namespace Federation.Node.Tests.Storage;

/// <summary>The contract of records, on SQLite.</summary>
public sealed class SqliteRecordTests() : RecordContract(StoreDrivers.Sqlite);
