namespace Federation.Node.Tests.Storage;

/// <summary>The contract of partners, clients and evidence, on SQLite.</summary>
public sealed class SqlitePartnerTests() : PartnerContract(StoreDrivers.Sqlite);
