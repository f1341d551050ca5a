using Federation.Simulation.World;
using SQLitePCL;

namespace Federation.Simulation.Scenarios.Sqlite;

/// <summary>
/// Proves the crash of a real database: a transaction open at the kill is rolled back, its lock is free at once for the next
/// life, and what was committed is there.
/// </summary>
internal sealed class SqliteScenario : Scenario
{
    private readonly List<long> _committed = [];
    private string _folder = "";
    private long _next;
    private int _killedInside;
    private bool _inside;

    public override TimeSpan Turmoil => TimeSpan.FromMinutes(2);

    public override TimeSpan Settling => TimeSpan.FromSeconds(5);

    private string File => Path.Combine(_folder, "entries.db");

    public override void Prepare() => Batteries_V2.Init();

    public override void Build(SimWorld world, Rng rng)
    {
        _folder = Directory.CreateTempSubdirectory("federation-simulation-").FullName;
        var node = world.AddNode("node", WriteForeverAsync);
        world.Start(node);
        for (var at = TimeSpan.FromSeconds(1); at < Turmoil; at += TimeSpan.FromSeconds(1))
            world.At(at, () => node.ItemsToCrash = node.Life is null ? 0 : 1 + rng.Below(20));
        world.Crashing += _ =>
        {
            _killedInside += _inside ? 1 : 0;
            _inside = false;
            world.At(world.Now + TimeSpan.FromMilliseconds(100), () => world.Start(node));
        };
    }

    public override void Calm(SimWorld world)
    {
        foreach (var node in world.Nodes)
            node.ItemsToCrash = 0;
    }

    public override void Check(SimWorld world)
    {
        if (_killedInside == 0)
            world.Fail("no crash fell into a transaction");
        using var database = new EntryDatabase(File);
        var stored = database.Read();
        foreach (var value in _committed.Where(value => !stored.Contains(value)))
            world.Fail($"committed value {value} is lost");
        world.Trace($"{stored.Count} rows, {_committed.Count} acknowledged, {_killedInside} crashes in a transaction");
    }

    public override void CleanUp() => Directory.Delete(_folder, recursive: true);

    private async Task WriteForeverAsync(NodeLife life)
    {
        var database = life.Own(new EntryDatabase(File));
        while (true)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(life.Random.Next(1, 100)), life.Time);
            var value = _next++;
            database.Run("BEGIN IMMEDIATE");
            database.Run($"INSERT INTO entry VALUES ({value})");
            _inside = true;
            await Task.Yield();
            _inside = false;
            database.Run("COMMIT");
            _committed.Add(value);
            await Task.Yield();
        }
    }
}
