using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Federation.Protocol.Statements;

/// <summary>
/// A record's secret K_rid: 32 random bytes from which its salts and blurred change times follow. Destroying it makes the
/// record's commitments unexplainable, which is what erasure relies on. Not safe for concurrent use.
/// </summary>
public sealed class RecordSecret : IDisposable
{
    /// <summary>The size of the secret, in bytes.</summary>
    public const int SizeBytes = 32;

    private const int MillisecondsPerMinute = 60_000;
    private const int MaxAttempts = 1 << 17;

    private readonly byte[] _key;

    // One keyed object for all parts: setting up the key costs as much as hashing a small part.
    private readonly IncrementalHash _mac;

    /// <summary>Takes a copy of the secret.</summary>
    /// <exception cref="ArgumentException"><paramref name="key"/> is not 32 bytes.</exception>
    public RecordSecret(ReadOnlySpan<byte> key)
    {
        if (key.Length != SizeBytes)
            throw new ArgumentException("A record's secret is 32 bytes.", nameof(key));
        _key = key.ToArray();
        _mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
    }

    /// <summary>Copies the secret to a new array, for the store.</summary>
    public byte[] ToBytes() => [.. _key];

    /// <summary>The salt of one value of a part: <c>HMAC-SHA-256(K, part u64 | changed_ms u64)[0..16]</c>, the same for every partner.</summary>
    public UInt128 Salt(ulong part, long changedMs)
    {
        Span<byte> message = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(message, part);
        BinaryPrimitives.WriteInt64BigEndian(message[8..], changedMs);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _mac.AppendData(message);
        _mac.GetHashAndReset(mac);
        return BinaryPrimitives.ReadUInt128BigEndian(mac);
    }

    /// <summary>
    /// The change time of a part's new value, in milliseconds since the Unix epoch: the minute, and within it
    /// <c>HMAC-SHA-256(K, part u64 | minute u64 | counter u32 | value)</c>, its first 8 bytes as a number, modulo 60,000.
    /// The counter starts at 0 and grows while the millisecond is in use, so that a time never stands for two values.
    /// </summary>
    /// <param name="part">The part's id.</param>
    /// <param name="minute">Whole minutes since the Unix epoch: the later of now and the part's last change.</param>
    /// <param name="value">The new value.</param>
    /// <param name="isUsed">Whether the part already had a value with this change time.</param>
    /// <exception cref="InvalidOperationException">Every time tried is in use.</exception>
    public long ChangedMs(ulong part, long minute, ReadOnlySpan<byte> value, Func<long, bool> isUsed)
    {
        Span<byte> header = stackalloc byte[20];
        BinaryPrimitives.WriteUInt64BigEndian(header, part);
        BinaryPrimitives.WriteInt64BigEndian(header[8..], minute);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        for (uint counter = 0; counter < MaxAttempts; counter++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(header[16..], counter);
            _mac.AppendData(header);
            _mac.AppendData(value);
            _mac.GetHashAndReset(mac);
            var withinMinute = (long)(BinaryPrimitives.ReadUInt64BigEndian(mac) % MillisecondsPerMinute);
            var changedMs = minute * MillisecondsPerMinute + withinMinute;
            if (!isUsed(changedMs))
                return changedMs;
        }
        throw new InvalidOperationException("Every change time of this minute is in use.");
    }

    /// <summary>Frees the keyed object.</summary>
    public void Dispose() => _mac.Dispose();
}
