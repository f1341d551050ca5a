using System.Buffers.Binary;
using Federation.Node.Storage;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Federation.Node.Records;

/// <summary>
/// Turns a checked draft into bytes: each part is serialised once and gets its id, change time, salt and commitment. From here on
/// nothing serialises them again.
/// </summary>
internal sealed class RecordFreezer(EntropySource entropy)
{
    private const long MinuteMs = 60_000;

    /// <summary>Freezes a draft; the parts come out in the order of their ids, the envelope first.</summary>
    /// <param name="name">The record.</param>
    /// <param name="draft">The checked draft.</param>
    /// <param name="secret">The record's key of salts.</param>
    /// <param name="nowMs">The moment of the write.</param>
    /// <param name="before">The record's parts before the write; empty for a new record.</param>
    public List<FrozenPart> Freeze(RecordName name, RecordDraft draft, RecordSecret secret, long nowMs, IReadOnlyList<FrozenPart> before)
    {
        var byKey = before.Where(p => p.Key.Length > 0).ToDictionary(p => p.Key, StringComparer.Ordinal);
        var keyless = before.Where(p => p.Key.Length == 0 && p.Shape.Part != 0).ToList();
        var taken = before.Select(p => p.Shape.Part).ToHashSet();
        var frozen = new List<FrozenPart>(draft.Parts.Count + 1)
        {
            FreezeOne(name, 0, draft.Envelope.ToByteArray(), EnvelopeShape(draft.Envelope), "", secret, nowMs, before.FirstOrDefault(p => p.Shape.Part == 0)),
        };
        // One draw for all new ids: each call of the source costs as much as hashing a part.
        var fresh = new byte[draft.Parts.Count * sizeof(ulong)];
        entropy(fresh);
        for (var i = 0; i < draft.Parts.Count; i++)
        {
            var part = draft.Parts[i];
            var value = part.Part.ToByteArray();
            var previous = part.Key.Length > 0 ? byKey.GetValueOrDefault(part.Key) : TakeEqual(keyless, value);
            var id = previous?.Shape.Part ?? NewPartId(fresh.AsSpan(i * sizeof(ulong), sizeof(ulong)), taken);
            frozen.Add(FreezeOne(name, id, value, PartShape(part), part.Key, secret, nowMs, previous));
        }

        frozen.Sort((a, b) => a.Shape.Part.CompareTo(b.Shape.Part));
        return frozen;
    }

    private static FrozenPart FreezeOne(
        RecordName name, ulong id, byte[] value, ShapePart shape, string key, RecordSecret secret, long nowMs, FrozenPart? previous)
    {
        if (previous is not null && previous.Value.Span.SequenceEqual(value))
        {
            // Unchanged bytes keep id, change time and commitment: partners who see the part see no change.
            var kept = shape with
            {
                Part = id,
                ChangedMs = previous.Shape.ChangedMs,
                Commitment = previous.Shape.Commitment,
                Schema = previous.Shape.Schema,
            };
            return previous with { Shape = kept, Key = key };
        }

        var minute = Math.Max(nowMs / MinuteMs, (previous?.Shape.ChangedMs ?? 0) / MinuteMs);
        List<long> used = previous is null ? [] : [.. previous.UsedMs, previous.Shape.ChangedMs];
        used.RemoveAll(ms => ms / MinuteMs != minute);
        var changedMs = secret.ChangedMs(id, minute, value, used.Contains);
        var salt = secret.Salt(id, changedMs);
        var commitment = PartCommitment.Compute(name.Origin, name.Id, id, changedMs, salt, value);
        return new FrozenPart(shape with { Part = id, ChangedMs = changedMs, Commitment = commitment }, salt, value, key, used);
    }

    private static ShapePart EnvelopeShape(Envelope envelope) =>
        new(0, 0, Digest.Zero, RecordLimits.Schema, 0, (byte)envelope.Marking, (byte)envelope.Onward, 0, null, []);

    private static ShapePart PartShape(PartDraft draft)
    {
        var references = PartReferences.Find(draft.Part)
            .Select(r => new RecordName(InstituteId.Parse(r.Origin), RecordId.Parse(r.RecordId))).Distinct().ToArray();
        var audience = draft.Audience.Count == 0 ? null : AudienceWords.Institutes(draft.Audience);
        var type = (int)draft.Part.ContentCase;
        return new ShapePart(
            0, 0, Digest.Zero, RecordLimits.Schema, type, (byte)draft.Part.Marking, (byte)draft.Part.Onward,
            ReleaseMs(draft.EmbargoUntil), audience, references)
        {
            Groups = AudienceWords.Groups(draft.Audience),
        };
    }

    /// <summary>An embargo in milliseconds, rounded up; 0 if there is none.</summary>
    public static long ReleaseMs(Timestamp? embargo) => embargo is null ? 0 : embargo.Seconds * 1000 + (embargo.Nanos + 999_999) / 1_000_000;

    private static FrozenPart? TakeEqual(List<FrozenPart> keyless, byte[] value)
    {
        var index = keyless.FindIndex(p => p.Value.Span.SequenceEqual(value));
        if (index < 0)
            return null;
        var found = keyless[index];
        keyless.RemoveAt(index);
        return found;
    }

    // 64 random bits, so that numbering shows no gap where a part is withheld.
    private ulong NewPartId(Span<byte> drawn, HashSet<ulong> taken)
    {
        var id = BinaryPrimitives.ReadUInt64BigEndian(drawn);
        while (id == 0 || !taken.Add(id))
        {
            entropy(drawn);
            id = BinaryPrimitives.ReadUInt64BigEndian(drawn);
        }

        return id;
    }
}
