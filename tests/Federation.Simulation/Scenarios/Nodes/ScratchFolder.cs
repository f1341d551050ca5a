namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>Folders for databases that need no disk: in memory where the system has such a place.</summary>
internal static class ScratchFolder
{
    private const string InMemory = "/dev/shm";

    public static string Create()
    {
        if (!Directory.Exists(InMemory))
            return Directory.CreateTempSubdirectory("federation-simulation-").FullName;
        var folder = Path.Combine(InMemory, $"federation-simulation-{Environment.ProcessId}");
        return Directory.CreateDirectory(folder).FullName;
    }
}
