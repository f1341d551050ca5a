namespace Federation.Simulation.World;

/// <summary>One scheduled firing of a timer; a later Change or Dispose makes it void.</summary>
internal sealed class TimerShot(SimTimer timer, int version)
{
    public bool Live => timer.Version == version;

    public void Fire()
    {
        if (Live)
            timer.Fire();
    }

    public override string ToString() => $"timer {timer.Describe()}";
}
