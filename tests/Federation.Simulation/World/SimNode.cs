namespace Federation.Simulation.World;

/// <summary>A machine that hosts one life after the other: what is in <see cref="Disk"/> survives a crash, all else does not.</summary>
internal sealed class SimNode(SimWorld world, int id, string name, Func<NodeLife, Task> boot)
{
    public SimWorld World { get; } = world;

    public int Id { get; } = id;

    public string Name { get; } = name;

    /// <summary>Builds the real object graph of one life and starts its loops.</summary>
    public Func<NodeLife, Task> Boot { get; } = boot;

    /// <summary>Counts lives; whatever carries an older one is stale.</summary>
    public int Epoch { get; set; } = 1;

    /// <summary>The running life, or null while the node is down.</summary>
    public NodeLife? Life { get; set; }

    public int Crashes { get; set; }

    /// <summary>How far this node's wall clock is off.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>Until then the node runs nothing, as a paused process or virtual machine.</summary>
    public TimeSpan StallUntil { get; set; }

    /// <summary>Counts down with each item of the node; the crash falls when it reaches zero.</summary>
    public int ItemsToCrash { get; set; }

    /// <summary>Durable state, owned by the scenario.</summary>
    public object? Disk { get; set; }

    public override string ToString() => Name;
}
