using Federation.Protocol.Records;

namespace Federation.Node.Access;

/// <summary>A partner's node.</summary>
internal sealed record PartnerCaller(InstituteId Institute);
