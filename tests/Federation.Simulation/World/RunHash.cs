using System.Buffers.Binary;
using System.Numerics;

namespace Federation.Simulation.World;

/// <summary>Running hash of everything a run did; not cryptographic, and the same on every machine.</summary>
internal sealed class RunHash
{
    public ulong Value { get; private set; } = 0x243F6A8885A308D3UL;

    public void Mix(ulong word) => Value = BitOperations.RotateLeft((Value ^ word) * 0x9E3779B97F4A7C15UL, 29);

    public void Mix(ReadOnlySpan<byte> bytes)
    {
        Mix((ulong)bytes.Length);
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            Mix(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes)
            Mix(value);
    }

    public void Mix(string text)
    {
        Mix((ulong)text.Length);
        foreach (var character in text)
            Mix(character);
    }
}
