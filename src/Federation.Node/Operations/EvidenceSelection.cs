using System.Globalization;
using Federation.Protocol.Errors;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Google.Protobuf.WellKnownTypes;

namespace Federation.Node.Operations;

/// <summary>Which entries of a ledger are asked for as evidence.</summary>
/// <param name="Record">The one record; null means all.</param>
/// <param name="FromMs">Entries decided at this moment or later, in milliseconds since 1970-01-01 UTC.</param>
/// <param name="ToMs">Entries decided before this moment.</param>
internal sealed record EvidenceSelection(RecordId? Record, long FromMs, long ToMs)
{
    /// <summary>Whether a span of time is given.</summary>
    public bool HasSpan => FromMs != long.MinValue || ToMs != long.MaxValue;

    /// <summary>Reads what a request asks for.</summary>
    public static EvidenceSelection Read(ExportEvidenceRequest request)
    {
        RecordId? record = null;
        if (request.RecordId.Length > 0)
        {
            record = RecordId.TryParse(request.RecordId, out var id)
                ? id
                : throw FederationError.Exception(FederationReason.RecordNotFound, $"there is no record {request.RecordId}");
        }

        var selection = new EvidenceSelection(record, MsOf(request.From, "from") ?? long.MinValue, MsOf(request.To, "to") ?? long.MaxValue);
        if (selection.FromMs >= selection.ToMs)
            throw FederationError.Exception(FederationReason.FieldInvalid, "to: is not after from", ("to", "not after from"));
        if (selection.HasSpan && request.Direction == LedgerDirection.Inbound)
            throw FederationError.Exception(FederationReason.FieldInvalid, "from: a partner's entries bear no time", ("from", "not for a partner's ledger"));
        return selection;
    }

    /// <summary>Whether an entry that was decided at a moment lies in the span.</summary>
    public bool Covers(long decidedMs) => decidedMs >= FromMs && decidedMs < ToMs;

    /// <summary>What is asked for, in words.</summary>
    public override string ToString()
    {
        var what = Record is { } record ? $"the entries of record {record}" : "all entries";
        if (FromMs != long.MinValue)
            what += $" decided from {TextOf(FromMs)}";
        return ToMs == long.MaxValue ? what : $"{what}{(FromMs == long.MinValue ? " decided" : "")} before {TextOf(ToMs)}";
    }

    private static string TextOf(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("u", CultureInfo.InvariantCulture);

    private static long? MsOf(Timestamp? time, string field)
    {
        if (time is null)
            return null;
        try
        {
            return time.ToDateTimeOffset().ToUnixTimeMilliseconds();
        }
        catch (InvalidOperationException)
        {
            throw FederationError.Exception(FederationReason.FieldInvalid, $"{field}: not a moment", (field, "not a moment"));
        }
    }
}
