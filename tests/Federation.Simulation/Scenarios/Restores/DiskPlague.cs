using Federation.Simulation.Scenarios.Nodes;
using Federation.Simulation.World;

namespace Federation.Simulation.Scenarios.Restores;

/// <summary>
/// Takes copies of disks, and puts nodes back to any of them, now and then without their anchors. A node is put back only while somebody
/// else holds whatever it signed last, and while nobody needs it to get back what that one signed: otherwise nobody could know.
/// </summary>
internal sealed class DiskPlague(
    SimWorld world, Rng rng, IReadOnlyList<SimulatedInstitute> institutes, HeadWitness heads, RestoredAudit audit, string folder)
{
    private const int MostCopies = 8;
    private static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);
    private readonly Dictionary<SimulatedInstitute, List<DiskCopy>> _copies = institutes.ToDictionary(institute => institute, _ => new List<DiskCopy>());
    private readonly Dictionary<SimulatedInstitute, int> _restored = institutes.ToDictionary(institute => institute, _ => 0);
    private int _taken;
    private bool _calm;

    public int Restores => _restored.Values.Sum();

    /// <summary>Begins as soon as everything is set up.</summary>
    public void Start(Func<bool> ready)
    {
        if (_calm)
            return;
        if (!ready())
        {
            world.At(world.Now + TimeSpan.FromSeconds(1), () => Start(ready));
            return;
        }

        foreach (var institute in institutes)
            Copy(institute);
        Next(rng.Between(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(20)), () => Copy(rng.Pick(institutes)));
        Next(rng.Between(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(40)), () => RestoreWhenSafe(rng.Pick(institutes), world.Now + s_patience));
    }

    /// <summary>Ends the plague.</summary>
    public void Calm() => _calm = true;

    /// <summary>Puts a node back to one of its copies, if that is safe at this moment.</summary>
    /// <param name="institute">The node.</param>
    /// <param name="ownPast">Whether only copies count that the node's present state comes from: others hold what it wrote in a life that is gone.</param>
    public bool TryRestore(SimulatedInstitute institute, bool ownPast = false)
    {
        var usable = IsSafe(institute) ? _copies[institute].FindAll(copy => IsUsable(copy, institute) && (!ownPast || copy.Past == _restored[institute])) : [];
        if (usable.Count == 0)
            return false;
        if (institute.Node.Life is { } life)
            world.Crash(life);
        var copy = rng.Pick(usable);
        institute.Disk.Replace(copy.File);
        var loses = rng.Chance(0.4);
        if (loses)
            LoseAnchor(institute);
        audit.Forget(institute.Id);
        _restored[institute]++;
        _copies[institute][_copies[institute].IndexOf(copy)] = copy with { Past = _restored[institute] };
        world.Trace($"{institute.Node} is put back to {Path.GetFileName(copy.File)}{(loses ? " without its anchor" : "")}");
        return true;
    }

    private void Next(TimeSpan mean, Action act) => world.At(world.Now + rng.Between(TimeSpan.Zero, mean * 2), () =>
    {
        if (_calm)
            return;
        act();
        Next(mean, act);
    });

    private void Copy(SimulatedInstitute institute)
    {
        var copies = _copies[institute];
        var file = Path.Combine(folder, $"{institute.Id}.{_taken++}.copy");
        institute.Disk.CopyTo(file);
        var copy = new DiskCopy(file, [.. institutes.Where(other => other != institute).Select(other => (other, institute.Disk.AppliedOf(other.Id)))], _restored[institute]);
        // The first one stays: there is always one to which everybody may go back.
        if (copies.Count < MostCopies)
            copies.Add(copy);
        else
            copies[1 + rng.Below(MostCopies - 1)] = copy;
    }

    private void RestoreWhenSafe(SimulatedInstitute institute, TimeSpan until)
    {
        if (!_calm && !TryRestore(institute) && world.Now < until)
            world.At(world.Now + s_glance, () => RestoreWhenSafe(institute, until));
    }

    private bool IsSafe(SimulatedInstitute institute) => institutes.Where(other => other != institute).All(other =>
        other.Disk.AppliedOf(institute.Id) >= LargestSigned(institute, other)
        && LargestSigned(other, institute) is var signed && (signed == 0 || other.Disk.SignedSizeOf(other.Disk.LedgerFor(institute.Id)!.Value) >= signed));

    private static bool IsUsable(DiskCopy copy, SimulatedInstitute institute) => copy.Follows.All(place => !IsLost(place.Origin, institute, place.Size));

    // Where a ledger came back as hashes its follower can't go on from within one: that takes operators, and a new incarnation.
    private static bool IsLost(SimulatedInstitute origin, SimulatedInstitute follower, ulong size)
    {
        using var row = origin.Disk.Session
            .Use("SELECT 1 FROM ledger WHERE p = ?1 AND op = 0 AND seq < ?2 AND seq + (1 << vrev) > ?2").Bind(1, origin.Disk.NumberOf(follower.Id)).Bind(2, size);
        return row.Step();
    }

    private ulong LargestSigned(SimulatedInstitute origin, SimulatedInstitute follower) =>
        origin.Disk.LedgerFor(follower.Id) is { } ledger ? heads.LargestOf(ledger) : 0;

    private static void LoseAnchor(SimulatedInstitute institute)
    {
        foreach (var file in (string[])[$"{institute.Disk.Path}.anchor", $"{institute.Disk.Path}.anchor-wal", $"{institute.Disk.Path}.anchor-shm"])
            File.Delete(file);
    }
}
