using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using Federation.Protocol.Records;

namespace Federation.Simulation.Scenarios.Paired;

/// <summary>What must never reach the observed partner, each a unique value, and the search for all of them in any spelling.</summary>
internal sealed class HiddenMarkers
{
    private readonly Dictionary<ulong, List<(byte[] Pattern, string What)>> _byStart = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public int Count => _known.Count;

    /// <summary>The id of a hidden record, for leaks that are planted.</summary>
    public RecordId? AnyRecord { get; private set; }

    public void Add(string text, string what) => Add(Encoding.UTF8.GetBytes(text), what);

    public void Add(RecordId record, string what)
    {
        AnyRecord = record;
        Add(record.ToBytes(), what);
        Spell(Encoding.ASCII.GetBytes(record.ToString()), $"{what} as a UUID");
        Spell(Encoding.ASCII.GetBytes(record.ToString().ToUpperInvariant()), $"{what} as an upper-case UUID");
    }

    /// <summary>Adds a value of at least eight bytes.</summary>
    public void Add(ReadOnlySpan<byte> value, string what)
    {
        if (value.Length < sizeof(ulong))
            throw new ArgumentException("A shorter value would be found by chance.", nameof(value));
        if (!_known.Add(Convert.ToHexString(value)))
            return;
        Spell(value.ToArray(), what);
        Spell(Encoding.ASCII.GetBytes(Convert.ToHexString(value)), $"{what} in upper-case hex");
        Spell(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(value)), $"{what} in hex");
        for (var before = 0; before < 3; before++)
        {
            Spell(InBase64(value, before, url: false), $"{what} in base64");
            Spell(InBase64(value, before, url: true), $"{what} in base64url");
        }
    }

    /// <summary>What is hidden and stands in the bytes; null if nothing is.</summary>
    public string? Find(ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[1..])
        {
            if (!_byStart.TryGetValue(BinaryPrimitives.ReadUInt64LittleEndian(bytes), out var candidates))
                continue;
            foreach (var (pattern, what) in candidates)
            {
                if (bytes.StartsWith(pattern))
                    return what;
            }
        }

        return null;
    }

    public string? Find(string text) => Find(Encoding.UTF8.GetBytes(text));

    private void Spell(byte[] pattern, string what)
    {
        var start = BinaryPrimitives.ReadUInt64LittleEndian(pattern);
        if (!_byStart.TryGetValue(start, out var candidates))
            _byStart.Add(start, candidates = []);
        candidates.Add((pattern, what));
    }

    /// <summary>The digits that a value certainly has in base64 when some bytes stand before it and others follow.</summary>
    private static byte[] InBase64(ReadOnlySpan<byte> value, int before, bool url)
    {
        byte[] whole = [.. new byte[before], .. value];
        var text = url ? Base64Url.EncodeToString(whole) : Convert.ToBase64String(whole);
        var first = ((before * 8) + 5) / 6;
        var end = whole.Length * 8 / 6;
        return Encoding.ASCII.GetBytes(text[first..end]);
    }
}
