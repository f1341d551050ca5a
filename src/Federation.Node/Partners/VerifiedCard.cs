using Federation.Protocol.Keys;
using Federation.Protocol.Records;

namespace Federation.Node.Partners;

/// <summary>What a verified card says.</summary>
internal sealed record VerifiedCard(InstituteId Institute, Digest RootFingerprint, KeyRing Keys);
