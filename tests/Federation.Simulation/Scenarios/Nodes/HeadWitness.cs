using Federation.Protocol.Heads;
using Federation.Protocol.Records;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>
/// Sees every head before it is signed: no two of one size differ (I3), no time of one ledger goes back, and no size goes beyond what
/// the store says may have been signed.
/// </summary>
internal sealed class HeadWitness(Action<string> fail)
{
    private readonly Dictionary<(LedgerId Ledger, uint Incarnation, ulong Size), Digest> _roots = [];
    private readonly Dictionary<LedgerId, long> _times = [];
    private readonly Dictionary<LedgerId, ulong> _largest = [];

    public int Count { get; private set; }

    /// <summary>Takes a message in the pre-authentication encoding, whose last bytes are the head.</summary>
    public void Watch(byte[] message, Func<LedgerId, ulong> storedSignedSize)
    {
        if (!Head.TryDecode(message.AsSpan(message.Length - Head.SizeBytes), out var head, out var error))
        {
            fail($"what is signed as a head is none: {error}");
            return;
        }

        Count++;
        if (storedSignedSize(head.Ledger) is var stored && head.Size > stored)
            fail($"a head of ledger {head.Ledger} is signed at size {head.Size}, and the store says {stored}");
        var key = (head.Ledger, head.Incarnation, head.Size);
        if (!_roots.TryAdd(key, head.Root) && _roots[key] != head.Root)
            fail($"I3: two heads of ledger {head.Ledger} at size {head.Size} are signed with different roots");
        if (_times.TryGetValue(head.Ledger, out var last) && head.TimeMs < last)
            fail($"a head of ledger {head.Ledger} is signed with time {head.TimeMs} after {last}");
        _times[head.Ledger] = head.TimeMs;
        _largest[head.Ledger] = Math.Max(head.Size, LargestOf(head.Ledger));
    }

    /// <summary>The largest size for which a head of a ledger was ever signed.</summary>
    public ulong LargestOf(LedgerId ledger) => _largest.GetValueOrDefault(ledger);

    /// <summary>The root that was signed at a size, if one was.</summary>
    public Digest? SignedRoot(LedgerId ledger, uint incarnation, ulong size) => _roots.TryGetValue((ledger, incarnation, size), out var root) ? root : null;
}
