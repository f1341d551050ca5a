using Federation.Node.Exchange;
using Federation.Node.Ledger;
using Federation.Node.Sharing;
using Federation.Node.Storage;
using Federation.Protocol.Records;
using Federation.Protocol.Statements;
using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf;

namespace Federation.Node.Operations;

/// <summary>One record as a partner would receive it.</summary>
internal static class PartnerViews
{
    /// <summary>Makes the view that a decision allows, from the same statement and the same openings that a stream would send.</summary>
    public static PartnerView Show(InstituteId own, JudgedRecord judged, Decision decision, StoredRecord stored)
    {
        var openings = VisibleOpenings.Of(judged, decision, stored);
        var view = View.Of(judged, decision);
        var record = new RecordView
        {
            Origin = stored.Name.Origin.ToString(),
            RecordId = stored.Name.Id.ToString(),
            Kind = (RecordKind)stored.Kind,
            Schema = (uint)stored.Schema,
            Revision = 1,
            Envelope = Envelope.Parser.ParseFrom(openings[0].Value.Span),
            ReceivedFrom = own.ToString(),
        };
        var changed = judged.Shape.Parts.ToDictionary(part => part.Part, part => part.ChangedMs);
        foreach (var opening in openings.Skip(1))
            record.Parts.Add(new PartView { PartId = opening.Part, ChangedMs = changed[opening.Part], Part = Part.Parser.ParseFrom(opening.Value.Span) });
        return new PartnerView
        {
            Statement = ByteString.CopyFrom(view.Statement),
            Openings = ByteString.CopyFrom(Openings.Encode(openings)),
            Record = record,
        };
    }
}
