namespace Federation.Simulation.World;

/// <summary>
/// The pump: several nodes on one thread in virtual time. A seeded choice among the runnable items is the whole schedule,
/// so a seed is a run. A world item (no life) moves the world on and never completes a task of a node.
/// </summary>
internal sealed class SimWorld : IDisposable
{
    /// <summary>Wall time at the start of every run.</summary>
    public static readonly DateTimeOffset Origin = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly ExecutionContext s_clean = ExecutionContext.Capture()!;

    private readonly List<Item> _runnable = [];
    private readonly PriorityQueue<Item, (TimeSpan Due, long Sequence)> _scheduled = new();
    private readonly HashSet<SimTimer> _armed = [];
    private readonly List<SimNode> _nodes = [];
    private readonly RunHash _hash = new();
    private readonly Rng _schedule;
    private readonly TextWriter? _trace;
    private readonly Traps _traps;
    private NodeLife? _current;
    private bool _executing;
    private bool _ended;
    private long _sequence;

    public SimWorld(ulong seed, TextWriter? trace)
    {
        Seed = seed;
        Rng = new Rng(seed);
        _schedule = Rng.Fork(1);
        Climate = Climate.Draw(Rng.Fork(2));
        _trace = trace;
        _traps = new Traps(this);
    }

    public ulong Seed { get; }

    /// <summary>The run's root generator; purposes draw from forks of it.</summary>
    public Rng Rng { get; }

    public Climate Climate { get; set; }

    public TimeSpan Now { get; private set; }

    public long Events { get; private set; }

    public long EventLimit { get; init; } = 20_000_000;

    public ulong Hash => _hash.Value;

    /// <summary>Why the run failed, or null; the first reason stays.</summary>
    public string? Fatal { get; private set; }

    /// <summary>Log categories whose errors a scenario expects.</summary>
    public HashSet<string> ToleratedErrors { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<SimNode> Nodes => _nodes;

    /// <summary>Runs before the crash of a life, so that its network calls can be broken.</summary>
    public event Action<NodeLife>? Crashing;

    public SimNode AddNode(string name, Func<NodeLife, Task> boot)
    {
        var node = new SimNode(this, _nodes.Count + 1, name, boot);
        _nodes.Add(node);
        return node;
    }

    public void Start(SimNode node)
    {
        if (node.Life is not null)
            throw new InvalidOperationException($"{node} already runs.");
        node.ItemsToCrash = 0;
        var life = new NodeLife(node, Rng.Fork(1000 + ((ulong)node.Id << 32) + (ulong)node.Epoch));
        node.Life = life;
        Trace($"{life} starts");
        Enqueue(Item.Of(life, ItemKind.Boot, () => life.Watch("boot", node.Boot(life))));
    }

    /// <summary>The process is killed: nothing is cancelled, no finally block runs; only its handles are closed.</summary>
    public void Crash(NodeLife life)
    {
        if (!life.Alive)
            return;
        Trace($"{life} crashes");
        Crashing?.Invoke(life);
        life.Node.Epoch++;
        life.Node.Life = null;
        life.Node.Crashes++;
        life.CloseHandles();
    }

    /// <summary>Plans an action of the world itself, such as a fault.</summary>
    public void At(TimeSpan due, Action action) => Schedule(due, Item.Of(null, ItemKind.Fault, action));

    /// <summary>Plans an operation on a node; it falls away if the node is down at that time.</summary>
    public void At(TimeSpan due, SimNode node, string name, Func<NodeLife, Task> operation) =>
        At(due, () => node.Life?.Start(name, () => operation(node.Life)));

    public void Schedule(TimeSpan due, Item item) => _scheduled.Enqueue(item, (due > Now ? due : Now, _sequence++));

    public void Enqueue(Item item)
    {
        if (_ended || item.Stale || !_traps.OnOwnThread("Enqueue"))
            return;
        if (item.Kind == ItemKind.Pool && _schedule.Chance(Climate.PreemptChance))
            Schedule(Now + _schedule.Between(TimeSpan.Zero, Climate.PreemptMax), item);
        else
            _runnable.Add(item);
    }

    /// <summary>Guards each call from a node into the simulator; false when the run is over and the call must have no effect.</summary>
    public bool Enter(NodeLife life, string what)
    {
        if (_ended || !_traps.OnOwnThread(what))
            return false;
        if (!life.Alive)
            Fail($"{life} is dead and calls {what}");
        else if (_executing && _current != life)
            Fail($"{what} of {life} is called while {(_current is null ? "the world" : _current.ToString())} runs");
        return true;
    }

    public void RunFor(TimeSpan duration) => RunWhile(static () => true, Now + duration);

    /// <summary>Runs until the condition turns false, the limit is reached, nothing is left to do, or the run fails.</summary>
    public void RunWhile(Func<bool> condition, TimeSpan limit)
    {
        Drain(null);
        while (Fatal is null && Now < limit && condition())
        {
            Promote();
            if (_runnable.Count == 0)
            {
                if (!_scheduled.TryPeek(out _, out var next) || next.Due > limit)
                {
                    Now = limit;
                    return;
                }

                Now = next.Due;
                continue;
            }

            if (Events >= EventLimit)
                Fail($"more than {EventLimit} events");
            else
                Step();
        }
    }

    /// <summary>Runs an operation in the present life of a node to its end and returns its result: for checks and set-up.</summary>
    public T Ask<T>(SimNode node, Func<NodeLife, Task<T>> operation, TimeSpan limit)
    {
        var answered = false;
        T answer = default!;
        var life = node.Life ?? throw new InvalidOperationException($"{node} is down.");
        life.Start("ask", async () =>
        {
            answer = await operation(life);
            answered = true;
        });
        RunWhile(() => !answered && life.Alive, Now + limit);
        if (!answered)
            throw new InvalidOperationException(Fatal ?? $"{node} gave no answer in {limit}.");
        return answer;
    }

    public void Fail(string reason)
    {
        if (Fatal is not null)
            return;
        Fatal = $"at {Now}, event {Events}: {reason}";
        _trace?.WriteLine($"FATAL {Fatal}");
    }

    public void Mix(ulong word) => _hash.Mix(word);

    public void Mix(ReadOnlySpan<byte> bytes) => _hash.Mix(bytes);

    /// <summary>Makes a text part of the run's hash and of its trace.</summary>
    public void Trace(string text)
    {
        _hash.Mix(text);
        _trace?.WriteLine($"{Now.Ticks} {text}");
    }

    /// <summary>Timers stay reachable while armed, dead lives included: no finalizer may act inside a run.</summary>
    public void Root(SimTimer timer) => _armed.Add(timer);

    public void Unroot(SimTimer timer) => _armed.Remove(timer);

    /// <summary>Ends the run: whatever of it is left can no longer act.</summary>
    public void Dispose()
    {
        _ended = true;
        foreach (var node in _nodes)
        {
            node.Epoch++;
            node.Life?.CloseHandles();
            node.Life = null;
        }

        _runnable.Clear();
        _scheduled.Clear();
        _armed.Clear();
        PoolTap.Discard();
    }

    /// <summary>Due items become runnable instead of running in order, so that a tie is a seeded choice.</summary>
    private void Promote()
    {
        while (_scheduled.TryPeek(out var item, out var at) && at.Due <= Now)
        {
            _scheduled.Dequeue();
            if (!item.Stale && !item.Cancelled)
                _runnable.Add(item);
        }
    }

    private void Step()
    {
        var count = _runnable.Count;
        var index = _schedule.Below(count);
        var item = _runnable[index];
        _runnable[index] = _runnable[^1];
        _runnable.RemoveAt(count - 1);
        if (item.Stale)
            return;
        if (item.Life is { } life && life.Node.StallUntil > Now)
        {
            Schedule(life.Node.StallUntil, item);
            return;
        }

        Events++;
        _hash.Mix((ulong)Now.Ticks);
        _hash.Mix(((ulong)(item.Life?.Node.Id ?? 0) << 48) | ((ulong)item.Kind << 40) | ((ulong)index << 20) | (uint)count);
        _trace?.WriteLine($"{Now.Ticks} {item.Life?.ToString() ?? "world"} {item.Kind} {item.Describe()} {index}/{count}");
        Execute(item);
        Now += _schedule.Between(TimeSpan.Zero, Climate.StepCostMax);
    }

    private void Execute(Item item)
    {
        _traps.BeforeItem();
        _current = item.Life;
        _executing = true;
        try
        {
            item.Callback(item.State);
        }
        catch (Exception exception)
        {
            Fail($"unhandled in {item.Life?.ToString() ?? "world"} {item.Kind}: {exception}");
        }

        SynchronizationContext.SetSynchronizationContext(null);
        ExecutionContext.Restore(s_clean);
        _executing = false;
        _current = null;
        _traps.AfterItem(item);
        if (item.Life is { Alive: true } life)
        {
            if (life.Fault() is { } fault)
                Fail(fault);
            if (life.Node.ItemsToCrash > 0 && --life.Node.ItemsToCrash == 0)
                Crash(life);
        }

        Drain(item.Life);
    }

    /// <summary>What an item left in the pool's queues belongs to the life that ran; of a life that just died it falls away.</summary>
    private void Drain(NodeLife? life)
    {
        while (PoolTap.TryTake(out var work))
        {
            if (life is null)
                Fail($"the world itself queued {PoolTap.Describe(work)}: world code enqueues on a node, it completes no task");
            Enqueue(new Item(life, ItemKind.Pool, PoolTap.Execute!, work));
        }
    }
}
