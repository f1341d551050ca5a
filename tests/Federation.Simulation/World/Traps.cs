namespace Federation.Simulation.World;

/// <summary>Finds what would make a run irreproducible: foreign threads, system timers, work queued from outside.</summary>
internal sealed class Traps
{
    private readonly SimWorld _world;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _systemTimers = Timer.ActiveCount;

    public Traps(SimWorld world)
    {
        _world = world;
        if (!PoolTap.Captive)
            throw new InvalidOperationException("Capture the thread pool before a world is made.");
    }

    public bool OnOwnThread(string what)
    {
        if (Environment.CurrentManagedThreadId == _thread)
            return true;
        _world.Fail($"{what} is called from a foreign thread: {Environment.StackTrace}");
        return false;
    }

    public void BeforeItem()
    {
        if (PoolTap.TimerFired)
            _world.Fail("a system timer fired: the process is of no use any more");
        else if (!PoolTap.Empty)
            _world.Fail("a foreign thread queued work to the pool");
    }

    public void AfterItem(Item item)
    {
        var count = Timer.ActiveCount;
        if (count > _systemTimers)
            _world.Fail($"{item.Life?.ToString() ?? "world"} {item.Kind} {item.Describe()} created a system timer: real time has no place here");
        _systemTimers = count;
    }
}
