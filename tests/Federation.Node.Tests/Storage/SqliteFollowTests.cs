namespace Federation.Node.Tests.Storage;

/// <summary>The contract of followers, on SQLite.</summary>
public sealed class SqliteFollowTests() : FollowContract(StoreDrivers.Sqlite);
