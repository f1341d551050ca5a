using System.Buffers.Binary;
using System.Buffers.Text;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Google.Protobuf;

namespace Federation.Node.Records;

/// <summary>Turns filters into queries, and positions into tokens that are good for one filter only.</summary>
internal static class RecordFilters
{
    private const int MaxValues = 64;
    private const int TokenSizeBytes = 16;

    /// <summary>The query of a filter; wrong values name their field.</summary>
    public static RecordQuery ToQuery(RecordFilter? filter, long after, int limit, bool publisher, bool withRemoved)
    {
        var wanted = filter ?? new RecordFilter();
        var faults = new FieldFaults();
        if (wanted.Kinds.Count + wanted.Origins.Count + wanted.Topics.Count + wanted.IncidentSeverities.Count + wanted.FlawSeverities.Count > MaxValues)
            faults.AddLimit("filter", $"at most {MaxValues} values");
        for (var i = 0; i < wanted.Origins.Count; i++)
        {
            if (!InstituteId.TryParse(wanted.Origins[i], out _))
                faults.Add($"filter.origins[{i}]", "an institute id is 2 to 16 of [a-z0-9-]");
        }

        faults.ThrowIfAny();
        return new RecordQuery
        {
            AfterChangedN = after,
            Limit = limit,
            Statuses = publisher ? [RecordStatus.Live, RecordStatus.Draft] : [RecordStatus.Live],
            Kinds = [.. wanted.Kinds.Select(k => (int)k)],
            Origins = [.. wanted.Origins.Select(InstituteId.Parse)],
            Topics = [.. wanted.Topics],
            Severities = [.. wanted.IncidentSeverities.Select(RecordTraits.SeverityOf), .. wanted.FlawSeverities.Select(RecordTraits.SeverityOf)],
            States = [.. wanted.States.Select(s => (int)s)],
            IssuedFromMs = wanted.IssuedFrom?.ToDateTimeOffset().ToUnixTimeMilliseconds(),
            IssuedBeforeMs = wanted.IssuedBefore?.ToDateTimeOffset().ToUnixTimeMilliseconds(),
            ReceivedFromMs = wanted.ReceivedFrom?.ToDateTimeOffset().ToUnixTimeMilliseconds(),
            ReceivedBeforeMs = wanted.ReceivedBefore?.ToDateTimeOffset().ToUnixTimeMilliseconds(),
            WithRemoved = withRemoved,
        };
    }

    /// <summary>The token of a position for one filter.</summary>
    public static string ToToken(long position, RecordFilter? filter)
    {
        Span<byte> bytes = stackalloc byte[TokenSizeBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, position);
        FilterMark(filter).CopyTo(bytes[8..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The position of a token; empty means the beginning.</summary>
    public static long FromToken(string token, RecordFilter? filter, string field)
    {
        if (token.Length == 0)
            return 0;
        Span<byte> bytes = stackalloc byte[TokenSizeBytes + 8];
        // Asked first, because decoding throws on characters outside the alphabet.
        if (token.Length > 24 || !Base64Url.IsValid(token) || !Base64Url.TryDecodeFromChars(token, bytes, out var length) || length != TokenSizeBytes
            || !bytes[8..TokenSizeBytes].SequenceEqual(FilterMark(filter)) || BinaryPrimitives.ReadInt64BigEndian(bytes) < 0)
        {
            throw FederationError.Exception(FederationReason.FieldInvalid, $"{field}: not a token for this filter", (field, "not a token for this filter"));
        }

        return BinaryPrimitives.ReadInt64BigEndian(bytes);
    }

    private static ReadOnlySpan<byte> FilterMark(RecordFilter? filter) => Digest.Sha256((filter ?? new RecordFilter()).ToByteArray()).ToBytes().AsSpan(0, 8);
}
