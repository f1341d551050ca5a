namespace Federation.Simulation.World;

/// <summary>Why an item is runnable.</summary>
internal enum ItemKind
{
    Post = 1,
    Pool,
    Timer,
    Net,
    Fault,
    Boot,
    Operation,
}
