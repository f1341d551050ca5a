namespace Federation.Node.Tests.Storage;

/// <summary>The contract of policies, groups and sweeps, on SQLite.</summary>
public sealed class SqliteSharingTests() : SharingContract(StoreDrivers.Sqlite);
