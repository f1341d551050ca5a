using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Federation.Simulation.World;

/// <summary>One process of a node, from boot to crash: what the composition root injects, and what the kernel would close.</summary>
internal sealed class NodeLife
{
    private readonly List<IDisposable> _handles = [];
    private readonly List<(string Name, Task Task)> _watched = [];

    public NodeLife(SimNode node, Rng rng)
    {
        Node = node;
        Epoch = node.Epoch;
        Time = new NodeTime(this);
        Random = rng.Fork(1).ToRandom();
        SecureBytes = new DeterministicBytes(rng.Fork(2));
        Ids = new DeterministicBytes(rng.Fork(3)).NextId;
        Rng = rng.Fork(4);
        Loggers = new WorldLoggers(this);
    }

    public SimNode Node { get; }

    public SimWorld World => Node.World;

    public int Epoch { get; }

    public bool Alive => Node.Epoch == Epoch;

    public TimeProvider Time { get; }

    public Random Random { get; }

    /// <summary>The secure source of this life; <c>life.SecureBytes.Fill</c> is its delegate form.</summary>
    public DeterministicBytes SecureBytes { get; }

    public Func<UInt128> Ids { get; }

    public ILoggerFactory Loggers { get; }

    /// <summary>For the scenario's own draws inside this life.</summary>
    public Rng Rng { get; }

    /// <summary>Registers what the kernel closes when the process dies, such as a database connection.</summary>
    public T Own<T>(T handle)
        where T : IDisposable
    {
        _handles.Add(handle);
        return handle;
    }

    public void Disown(IDisposable handle) => _handles.Remove(handle);

    /// <summary>A watched task that faults while its life lasts fails the run.</summary>
    public void Watch(string name, Task task) => _watched.Add((name, task));

    public async Task StartServiceAsync(IHostedService service)
    {
        await service.StartAsync(CancellationToken.None);
        if (service is BackgroundService { ExecuteTask: { } loop })
            Watch(service.GetType().Name, loop);
    }

    /// <summary>Runs an operation in this life, as an item of its own.</summary>
    public void Start(string name, Func<Task> operation) =>
        World.Enqueue(Item.Of(this, ItemKind.Operation, () => Watch(name, operation())));

    /// <summary>The process gives up by itself; the crash follows after the present item.</summary>
    public void Exit(string reason)
    {
        World.Trace($"{Node} exits: {reason}");
        World.Enqueue(Item.Of(null, ItemKind.Fault, () => World.Crash(this)));
    }

    public string? Fault()
    {
        for (var index = _watched.Count - 1; index >= 0; index--)
        {
            var (name, task) = _watched[index];
            if (task.IsFaulted)
                return $"{Node} life {Epoch}: {name} failed: {task.Exception}";
            if (task.IsCompleted)
                _watched.RemoveAt(index);
        }

        return null;
    }

    /// <summary>Closes the handles last to first, as nothing of the life may run any more.</summary>
    public void CloseHandles()
    {
        for (var index = _handles.Count - 1; index >= 0; index--)
            _handles[index].Dispose();
        _handles.Clear();
    }

    public override string ToString() => $"{Node}#{Epoch}";
}
