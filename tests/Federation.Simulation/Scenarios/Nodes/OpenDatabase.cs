using Federation.Node.Storage.Sqlite;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>What a life owns of its store: the kernel closes it when the process dies.</summary>
internal sealed class OpenDatabase(SqliteNodeStore store) : IDisposable
{
    public void Dispose() => store.CloseAsKilled();
}
