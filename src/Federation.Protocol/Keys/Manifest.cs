using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Federation.Protocol.Records;

namespace Federation.Protocol.Keys;

/// <summary>
/// An institute's keys, signed by its root: <c>"FED-KEYS/1" | origin16 | no u32 | SHA-256(previous manifest) | time_ms u64 | len u16, root
/// SPKI | n u16 × { purpose u8 | state u8 | len u16, SPKI }</c>, big-endian. The previous hash of number 1 is zero.
/// </summary>
public sealed class Manifest
{
    /// <summary>The type under which a manifest is signed (DSSE pre-authentication encoding).</summary>
    public const string PaeType = "federation/manifest.v1";

    /// <summary>The most keys a manifest lists.</summary>
    public const int MaxKeys = 256;

    private const int FixedSizeBytes = 10 + InstituteId.SizeBytes + 4 + Digest.SizeBytes + 8 + 2 + 2;

    private Manifest(InstituteId origin, uint number, Digest previous, long timeMs, ReadOnlyMemory<byte> rootSpki, IReadOnlyList<ManifestKey> keys)
    {
        Origin = origin;
        Number = number;
        Previous = previous;
        TimeMs = timeMs;
        RootSpki = rootSpki;
        Keys = keys;
    }

    /// <summary>The institute.</summary>
    public InstituteId Origin { get; }

    /// <summary>The manifest's number, from 1 without gaps.</summary>
    public uint Number { get; }

    /// <summary>SHA-256 of the manifest before it; zero for number 1.</summary>
    public Digest Previous { get; }

    /// <summary>When it was made, in milliseconds since the Unix epoch; shown, never decided by.</summary>
    public long TimeMs { get; }

    /// <summary>The root's public key, as DER SubjectPublicKeyInfo.</summary>
    public ReadOnlyMemory<byte> RootSpki { get; }

    /// <summary>The keys, at most <see cref="MaxKeys"/>; no public key occurs twice.</summary>
    public IReadOnlyList<ManifestKey> Keys { get; }

    private static ReadOnlySpan<byte> Prefix => "FED-KEYS/1"u8;

    /// <summary>Creates a manifest to be signed.</summary>
    /// <exception cref="ArgumentException">It is one that <see cref="TryDecode"/> would refuse.</exception>
    public static Manifest Create(
        InstituteId origin, uint number, Digest previous, long timeMs, ReadOnlyMemory<byte> rootSpki, IReadOnlyList<ManifestKey> keys)
    {
        var manifest = new Manifest(origin, number, previous, timeMs, rootSpki, [.. keys]);
        return manifest.Refusal() is { } refusal ? throw new ArgumentException(refusal, nameof(keys)) : manifest;
    }

    /// <summary>Decodes exactly <paramref name="bytes"/>; false, with a sentence in <paramref name="error"/>, for anything malformed.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Manifest? manifest, out string error)
    {
        manifest = null;
        error = "The manifest is malformed or has trailing bytes.";
        var reader = new WireReader(bytes);
        if (!reader.Take(Prefix.Length).SequenceEqual(Prefix) || !InstituteId.TryRead(reader.Take(InstituteId.SizeBytes), out var origin))
            return false;
        var number = reader.ReadUInt32();
        var previous = reader.Take(Digest.SizeBytes);
        var timeMs = reader.ReadUInt64();
        var rootSpki = reader.Take(reader.ReadUInt16()).ToArray();
        var count = reader.ReadUInt16();
        if (reader.Failed || timeMs > long.MaxValue || count > MaxKeys)
            return false;
        var keys = new List<ManifestKey>(count);
        for (var i = 0; i < count; i++)
        {
            var purpose = (KeyPurpose)reader.ReadByte();
            var state = (KeyState)reader.ReadByte();
            keys.Add(new ManifestKey(purpose, state, reader.Take(reader.ReadUInt16()).ToArray()));
        }
        if (!reader.AtEnd)
            return false;
        var decoded = new Manifest(origin, number, Digest.Read(previous), (long)timeMs, rootSpki, keys);
        if (decoded.Refusal() is { } refusal)
        {
            error = refusal;
            return false;
        }
        manifest = decoded;
        error = "";
        return true;
    }

    /// <summary>The manifest's bytes.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[FixedSizeBytes + RootSpki.Length + Keys.Sum(key => 4 + key.Spki.Length)];
        var rest = bytes.AsSpan();
        Prefix.CopyTo(rest);
        Origin.Write(rest[10..]);
        BinaryPrimitives.WriteUInt32BigEndian(rest[26..], Number);
        Previous.Write(rest[30..]);
        BinaryPrimitives.WriteInt64BigEndian(rest[62..], TimeMs);
        rest = WriteKey(rest[70..], RootSpki.Span);
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)Keys.Count);
        rest = rest[2..];
        foreach (var key in Keys)
        {
            rest[0] = (byte)key.Purpose;
            rest[1] = (byte)key.State;
            rest = WriteKey(rest[2..], key.Spki.Span);
        }
        return bytes;
    }

    private static Span<byte> WriteKey(Span<byte> destination, ReadOnlySpan<byte> spki)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)spki.Length);
        spki.CopyTo(destination[2..]);
        return destination[(2 + spki.Length)..];
    }

    private string? Refusal()
    {
        if (Origin.IsEmpty || TimeMs < 0)
            return "A manifest names its institute and a time that is not negative.";
        if (Number == 0 || Previous.IsZero != (Number == 1))
            return "Manifests count from 1, and all but the first name the one before.";
        if (!SubjectPublicKey.TryGetAlgorithm(RootSpki.Span, out _))
            return "The root is not a key of a known algorithm.";
        if (Keys.Count > MaxKeys)
            return "A manifest lists at most 256 keys.";
        // One key for two purposes would let a signature be carried from one to the other.
        var seen = new HashSet<KeyId> { KeyId.Of(RootSpki.Span) };
        foreach (var key in Keys)
        {
            if (key.Purpose is < KeyPurpose.Tls or > KeyPurpose.Receipt || key.State is < KeyState.Announced or > KeyState.Revoked)
                return "A key's purpose or state is not known.";
            if (key.Spki.IsEmpty || key.Spki.Length > ushort.MaxValue || !seen.Add(key.KeyId))
                return "A key is empty, too long, or listed twice.";
        }
        return null;
    }
}
