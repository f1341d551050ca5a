using Federation.Node.Records;
using Federation.Node.Storage.Sqlite;
using Federation.Simulation.Scenarios.Nodes;
using Federation.Simulation.World;

namespace Federation.Simulation.Scenarios.Embargo;

/// <summary>Knows every embargo, and looks, each time a partner has applied a batch, whether it holds something too early (I11).</summary>
internal sealed class EmbargoWatch(SimWorld world)
{
    private static readonly TimeSpan s_tolerance = TimeSpan.FromMinutes(5);
    private readonly List<EmbargoedValue> _values = [];
    private readonly HashSet<(string Partner, EmbargoedValue Value)> _released = [];

    public int Released => _released.Count;

    public void Add(EmbargoedValue value) => _values.Add(value);

    /// <summary>Looks at what a partner holds at this moment of true time.</summary>
    public void Look(SimulatedInstitute partner)
    {
        foreach (var value in _values.Where(value => !_released.Contains((partner.Node.Name, value)) && Holds(partner, value)))
        {
            _released.Add((partner.Node.Name, value));
            if (world.Now < value.ReleaseAt - s_tolerance)
                world.Fail($"I11: {partner.Node} holds a value of record {value.Record.Id} {value.ReleaseAt - world.Now} before its embargo ends");
        }
    }

    /// <summary>Every embargo that is over for longer than the time given has to be released to every partner.</summary>
    public void CheckReleased(IReadOnlyList<SimulatedInstitute> partners, TimeSpan patience)
    {
        foreach (var value in _values.Where(value => value.ReleaseAt + patience < world.Now))
        {
            foreach (var partner in partners.Where(partner => !Holds(partner, value)))
                world.Fail($"the embargo of record {value.Record.Id} ended {world.Now - value.ReleaseAt} ago, and {partner.Node} does not hold it");
        }
    }

    private static bool Holds(SimulatedInstitute partner, EmbargoedValue value) =>
        RecordRows.ReadByName(partner.Disk.Session, value.Record).Any(copy =>
            copy.Body is not null && StoredContent.Open(copy).Parts.Any(part => part.Value.Span.SequenceEqual(value.Value)));
}
