using Federation.Node.Storage.Sqlite;

namespace Federation.Node.Tests.Storage;

/// <summary>The drivers.</summary>
internal static class StoreDrivers
{
    public static StoreDriver Sqlite { get; } = (directory, boot, failFast) => SqliteNodeStore.Open(Path.Combine(directory, "federation.db"), boot, failFast);
}
