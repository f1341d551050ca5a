using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;

namespace Federation.Node.Partners;

/// <summary>Who this node is: its card, the keys that its manifest makes valid, and the signers for what it signs.</summary>
internal sealed class NodeIdentity
{
    /// <summary>The institute's id.</summary>
    public required InstituteId Institute { get; init; }

    /// <summary>The node's own card.</summary>
    public required PartnerCard Card { get; init; }

    /// <summary>The fingerprint of the institute's root key.</summary>
    public required Digest RootFingerprint { get; init; }

    /// <summary>The number of the latest manifest.</summary>
    public required uint ManifestNumber { get; init; }

    /// <summary>The keys that the node's own manifest makes valid.</summary>
    public required KeyRing Keys { get; init; }

    /// <summary>Signs heads.</summary>
    public required SigningKey HeadKey { get; init; }

    /// <summary>Signs statements of forwardable views.</summary>
    public required SigningKey StatementKey { get; init; }

    /// <summary>Signs receipts.</summary>
    public required SigningKey ReceiptKey { get; init; }
}
