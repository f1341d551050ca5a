using System.Buffers.Binary;
using Federation.Protocol.Records;

namespace Federation.Protocol.Heads;

/// <summary>
/// A digest of the live entries of a ledger that is cheap to keep up to date: 64 sums of leaf hashes, each modulo 2²⁵⁶, a record's
/// bucket being the first 6 bits of its id. It finds faults, not forgers. Not safe for concurrent use; one owner at a time.
/// </summary>
public sealed class LiveSet
{
    /// <summary>The number of buckets.</summary>
    public const int BucketCount = 64;

    /// <summary>The size of the encoded sums, in bytes; the count is kept beside them.</summary>
    public const int EncodedSizeBytes = BucketCount * Records.Digest.SizeBytes;

    private const int LimbsPerBucket = 4;

    private readonly ulong[] _limbs;

    /// <summary>Creates the set of no records.</summary>
    public LiveSet()
        : this(new ulong[BucketCount * LimbsPerBucket], 0)
    {
    }

    private LiveSet(ulong[] limbs, ulong count)
    {
        _limbs = limbs;
        Count = count;
    }

    /// <summary>The number of live records.</summary>
    public ulong Count { get; private set; }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="ArgumentException"><paramref name="buckets"/> is not 2,048 bytes.</exception>
    public static LiveSet Decode(ulong count, ReadOnlySpan<byte> buckets)
    {
        if (buckets.Length != EncodedSizeBytes)
            throw new ArgumentException("The sums of a live set are 2,048 bytes.", nameof(buckets));
        var limbs = new ulong[BucketCount * LimbsPerBucket];
        for (var i = 0; i < limbs.Length; i++)
            limbs[i] = BinaryPrimitives.ReadUInt64BigEndian(buckets[(i * sizeof(ulong))..]);
        return new LiveSet(limbs, count);
    }

    /// <summary>The bucket of a record, 0 to 63.</summary>
    public static int BucketOf(RecordId record) => (int)(record.Value >> 122);

    /// <summary>Adds the latest entry of a record that became live.</summary>
    public void Add(RecordId record, Digest leafHash)
    {
        Span<byte> addend = stackalloc byte[Records.Digest.SizeBytes];
        leafHash.Write(addend);
        var bucket = _limbs.AsSpan(BucketOf(record) * LimbsPerBucket, LimbsPerBucket);
        ulong carry = 0;
        for (var i = LimbsPerBucket - 1; i >= 0; i--)
        {
            var sum = (UInt128)bucket[i] + BinaryPrimitives.ReadUInt64BigEndian(addend[(i * sizeof(ulong))..]) + carry;
            bucket[i] = (ulong)sum;
            carry = (ulong)(sum >> 64);
        }
        Count++;
    }

    /// <summary>Removes the entry of a record that was superseded, withdrawn or erased.</summary>
    /// <exception cref="InvalidOperationException">The set is empty.</exception>
    public void Remove(RecordId record, Digest leafHash)
    {
        if (Count == 0)
            throw new InvalidOperationException("Nothing can be removed from an empty live set.");
        Span<byte> subtrahend = stackalloc byte[Records.Digest.SizeBytes];
        leafHash.Write(subtrahend);
        var bucket = _limbs.AsSpan(BucketOf(record) * LimbsPerBucket, LimbsPerBucket);
        ulong borrow = 0;
        for (var i = LimbsPerBucket - 1; i >= 0; i--)
        {
            var difference = (UInt128)bucket[i] - BinaryPrimitives.ReadUInt64BigEndian(subtrahend[(i * sizeof(ulong))..]) - borrow;
            bucket[i] = (ulong)difference;
            borrow = (ulong)(difference >> 64) & 1;
        }
        Count--;
    }

    /// <summary>SHA-256 of the 64 sums: what a head at the tip and a receipt carry.</summary>
    public Digest Digest() => Records.Digest.Sha256(Encode());

    /// <summary>The 64 sums, big-endian, in bucket order.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[EncodedSizeBytes];
        for (var i = 0; i < _limbs.Length; i++)
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * sizeof(ulong)), _limbs[i]);
        return bytes;
    }

    /// <summary>A copy that changes on its own.</summary>
    public LiveSet Clone() => new([.. _limbs], Count);
}
