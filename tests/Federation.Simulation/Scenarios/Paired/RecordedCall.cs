using System.Text;
using Grpc.Core;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>One call of the observed partner: what it asked, and everything that came back, with the moment of each.</summary>
internal sealed class RecordedCall(TimeSpan at, string method, byte[] request)
{
    private readonly List<(TimeSpan At, string What, byte[] Bytes)> _events = [];

    public TimeSpan At => at;

    public string Method => method;

    public byte[] Request => request;

    public int Messages { get; private set; }

    public IEnumerable<byte[]> Bytes => _events.Select(static e => e.Bytes);

    public void AddMessage(TimeSpan now, byte[] payload)
    {
        Messages++;
        _events.Add((now, "message", payload));
    }

    public void AddText(TimeSpan now, string what, string text) => _events.Add((now, what, Encoding.UTF8.GetBytes(text)));

    public void AddMetadata(TimeSpan now, string what, Metadata metadata)
    {
        foreach (var entry in metadata)
        {
            AddText(now, $"{what} {entry.Key}", entry.Key);
            _events.Add((now, $"{what} {entry.Key}", entry.ValueBytes));
        }
    }

    /// <summary>Says where another world's call parts from this one; null if it nowhere does.</summary>
    public string? DifferenceTo(RecordedCall other)
    {
        if (at != other.At || method != other.Method || !request.AsSpan().SequenceEqual(other.Request))
            return $"one calls {this}, the other {other}";
        for (var index = 0; index < Math.Max(_events.Count, other._events.Count); index++)
        {
            var (one, two) = (Describe(index), other.Describe(index));
            if (one != two)
                return $"event {index} of {this} is\n  {one}\nhere, and there\n  {two}";
        }

        return null;
    }

    public override string ToString() => $"{method} at {at} ({Convert.ToHexStringLower(request.AsSpan(0, Math.Min(24, request.Length)))})";

    private string Describe(int index)
    {
        if (index >= _events.Count)
            return "nothing";
        var (now, what, bytes) = _events[index];
        return $"{now} {what}, {bytes.Length} bytes {(what is "message" ? Convert.ToHexStringLower(bytes) : Encoding.UTF8.GetString(bytes))}";
    }
}
