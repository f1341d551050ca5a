using Federation.Protocol.Heads;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Node.Operations;

/// <summary>Makes the headers of evidence bundles.</summary>
internal static class EvidenceHeaders
{
    /// <summary>A header without manifests and head.</summary>
    public static EvidenceHeader Of(
        InstituteId origin, InstituteId follower, LedgerId ledger, uint incarnation, InstituteId exporter, EvidenceSelection selection) => new()
        {
            Origin = origin.ToString(),
            Follower = follower.ToString(),
            LedgerId = ByteString.CopyFrom(ledger.ToBytes()),
            Incarnation = incarnation,
            Exporter = exporter.ToString(),
            Selection = selection.ToString(),
        };
}
