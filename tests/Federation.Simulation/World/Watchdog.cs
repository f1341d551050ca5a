namespace Federation.Simulation.World;

/// <summary>Ends the process when a run stands still: a blocking call or an endless loop inside one item.</summary>
internal sealed class Watchdog
{
    public const int ExitCode = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_glance = TimeSpan.FromSeconds(1);
    private volatile SimWorld? _world;

    public Watchdog() => new Thread(Watch) { IsBackground = true, Name = "watchdog" }.Start();

    public void Guard(SimWorld? world) => _world = world;

    private void Watch()
    {
        SimWorld? seen = null;
        var events = -1L;
        var still = TimeSpan.Zero;
        while (true)
        {
            Thread.Sleep(s_glance);
            var world = _world;
            still = world is not null && world == seen && world.Events == events ? still + s_glance : TimeSpan.Zero;
            if (still >= s_patience)
            {
                Console.Error.WriteLine($"FAILED seed {world!.Seed}: still at event {events} for {still.TotalSeconds} s: a blocking call or an endless loop");
                Console.Error.Flush();
                Environment.Exit(ExitCode);
            }

            seen = world;
            events = world?.Events ?? -1;
        }
    }
}
