using System.Buffers.Binary;

namespace Federation.Simulation.World;

/// <summary>Stands in for the operating system's secure source: one stream of bytes for each node life.</summary>
internal sealed class DeterministicBytes(Rng rng)
{
    public void Fill(Span<byte> target)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        while (!target.IsEmpty)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, rng.Next());
            var length = Math.Min(word.Length, target.Length);
            word[..length].CopyTo(target);
            target = target[length..];
        }
    }

    public byte[] Take(int count)
    {
        var bytes = new byte[count];
        Fill(bytes);
        return bytes;
    }

    public UInt128 NextId() => new(rng.Next(), rng.Next());
}
