using System.Collections.Concurrent;

namespace Federation.Simulation.Conformance;

/// <summary>What the server's end saw during one case.</summary>
internal sealed class Sightings
{
    private readonly ConcurrentQueue<string> _notes = [];
    private int _written;

    public int Written => Volatile.Read(ref _written);

    public void Note(string text) => _notes.Enqueue(text);

    public void CountWrite() => Interlocked.Increment(ref _written);

    public string[] All() => [.. _notes];
}
