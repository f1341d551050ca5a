namespace Federation.Simulation.World;

/// <summary>A timer of one node life on the world's clock.</summary>
internal sealed class SimTimer : ITimer
{
    private readonly SimWorld _world;
    private readonly NodeLife _life;
    private readonly TimerCallback _callback;
    private readonly object? _state;
    private readonly ExecutionContext? _context;
    private TimeSpan _period;
    private bool _disposed;

    public SimTimer(NodeLife life, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _world = life.World;
        _life = life;
        _callback = callback;
        _state = state;
        _context = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.Capture();
        Arm(dueTime, period);
    }

    public int Version { get; private set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_disposed)
            return false;
        if (!_world.Enter(_life, "ITimer.Change"))
            return true;
        Arm(dueTime, period);
        return true;
    }

    public void Dispose()
    {
        if (_disposed || !_world.Enter(_life, "ITimer.Dispose"))
            return;
        _disposed = true;
        Disarm();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Re-arms a periodic timer first, as the callback may change or dispose it.</summary>
    public void Fire()
    {
        if (_period > TimeSpan.Zero)
            Arm(_period, _period);
        else
            Disarm();
        if (_context is null)
            _callback(_state);
        else
            ExecutionContext.Run(_context, static timer => ((SimTimer)timer!).Call(), this);
    }

    public string Describe() => $"{_callback.Method.DeclaringType?.Name}.{_callback.Method.Name}";

    private void Call() => _callback(_state);

    private void Arm(TimeSpan dueTime, TimeSpan period)
    {
        Disarm();
        _period = period;
        if (dueTime < TimeSpan.Zero)
            return;
        _world.Root(this);
        var shot = new TimerShot(this, Version);
        _world.Schedule(_world.Now + dueTime, new Item(_life, ItemKind.Timer, static state => ((TimerShot)state!).Fire(), shot));
    }

    private void Disarm()
    {
        Version++;
        _world.Unroot(this);
    }
}
