using Federation.Simulation.Network;
using Federation.Simulation.World;

namespace Federation.Simulation.Scenarios;

/// <summary>Plagues a world with random crashes, partitions, cuts and stalls; each run draws which of them and how often.</summary>
internal sealed class Nemesis
{
    private readonly SimWorld _world;
    private readonly SimNetwork _network;
    private readonly Rng _rng;
    private readonly IReadOnlyList<SimNode> _nodes;
    private bool _calm;

    public Nemesis(SimWorld world, SimNetwork network, Rng rng, IReadOnlyList<SimNode> nodes)
    {
        (_world, _network, _rng, _nodes) = (world, network, rng, nodes);
        world.Crashing += Supervise;
    }

    /// <summary>Mean time between two faults of one kind.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan DowntimeMax { get; init; } = TimeSpan.FromSeconds(20);

    public TimeSpan PartitionMax { get; init; } = TimeSpan.FromSeconds(90);

    public TimeSpan StallMax { get; init; } = TimeSpan.FromSeconds(10);

    public void Start()
    {
        Plague(0.8, Crash);
        Plague(0.7, Partition);
        Plague(0.7, Cut);
        Plague(0.5, Stall);
    }

    /// <summary>Ends all faults and brings every node up.</summary>
    public void Calm()
    {
        _calm = true;
        _network.HealAll();
        foreach (var node in _nodes)
        {
            node.ItemsToCrash = 0;
            node.StallUntil = TimeSpan.Zero;
            StartIfDown(node);
        }
    }

    private void Plague(double chance, Action fault)
    {
        if (_rng.Chance(chance))
            Next(_rng.Between(Interval / 4, Interval * 3), fault);
    }

    private void Next(TimeSpan mean, Action fault) => _world.At(_world.Now + _rng.Between(TimeSpan.Zero, mean * 2), () =>
    {
        if (_calm)
            return;
        fault();
        Next(mean, fault);
    });

    /// <summary>The crash falls after a number of items, so between any two suspensions.</summary>
    private void Crash()
    {
        var node = _rng.Pick(_nodes);
        if (node.Life is not null && node.ItemsToCrash == 0)
            node.ItemsToCrash = 1 + _rng.Below(200);
    }

    private void Partition()
    {
        var (one, other) = Pair();
        _network.Partition(one, other, both: _rng.Chance(0.6));
        _world.At(_world.Now + _rng.Between(TimeSpan.Zero, PartitionMax), () => _network.Heal(one, other));
    }

    private void Cut()
    {
        var (one, other) = Pair();
        _network.Cut(one, other);
    }

    private void Stall()
    {
        var node = _rng.Pick(_nodes);
        node.StallUntil = _world.Now + _rng.Between(TimeSpan.Zero, StallMax);
        _world.Trace($"{node} stalls until {node.StallUntil.Ticks}");
    }

    private (SimNode One, SimNode Other) Pair()
    {
        var one = _rng.Below(_nodes.Count);
        var other = (one + 1 + _rng.Below(_nodes.Count - 1)) % _nodes.Count;
        return (_nodes[one], _nodes[other]);
    }

    /// <summary>Restarts a node that died, as a service supervisor does.</summary>
    private void Supervise(NodeLife life)
    {
        if (_nodes.Contains(life.Node))
            _world.At(_world.Now + _rng.Between(TimeSpan.FromMilliseconds(10), DowntimeMax), () => StartIfDown(life.Node));
    }

    private void StartIfDown(SimNode node)
    {
        if (node.Life is null)
            _world.Start(node);
    }
}
