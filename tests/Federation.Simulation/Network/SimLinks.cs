using Federation.Simulation.World;

namespace Federation.Simulation.Network;

/// <summary>Directed links between nodes: delays, blocks, and what a block holds back.</summary>
internal sealed class SimLinks(SimWorld world, Rng rng, NetworkOptions options)
{
    private readonly Dictionary<(int From, int To), List<Action>> _blocked = [];

    public bool Blocked(SimNode from, SimNode to) => _blocked.ContainsKey((from.Id, to.Id));

    public void Block(SimNode from, SimNode to) => _blocked.TryAdd((from.Id, to.Id), []);

    public void Unblock(SimNode from, SimNode to)
    {
        if (_blocked.Remove((from.Id, to.Id), out var held))
            held.ForEach(action => After(Delay(), action));
    }

    public void UnblockAll()
    {
        var held = _blocked.OrderBy(static link => link.Key).SelectMany(static link => link.Value).ToList();
        _blocked.Clear();
        held.ForEach(action => After(Delay(), action));
    }

    /// <summary>Runs an arrival after a network delay, and holds it if the link is blocked by then.</summary>
    public void Carry(SimNode from, SimNode to, Action arrive) => After(options.DelayOf?.Invoke(from, to) ?? Delay(), () =>
    {
        if (_blocked.TryGetValue((from.Id, to.Id), out var held))
            held.Add(arrive);
        else
            arrive();
    });

    public TimeSpan Delay() => rng.Chance(options.TailChance)
        ? rng.Between(options.DelayMin, options.TailMax)
        : rng.Between(options.DelayMin, options.DelayMax);

    private void After(TimeSpan delay, Action action) => world.Schedule(world.Now + delay, Item.Of(null, ItemKind.Net, action));
}
