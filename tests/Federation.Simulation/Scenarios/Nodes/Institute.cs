using Federation.Node.Partners;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>One institute's name, keys and card.</summary>
internal sealed class Institute
{
    public Institute(string name, Action<byte[]>? watchHeads = null)
    {
        Id = InstituteId.Parse(name);
        var root = SimSignatures.Key($"{name} root");
        var tls = SimSignatures.Key($"{name} tls");
        var head = SimSignatures.Key($"{name} head", watchHeads);
        var statement = SimSignatures.Key($"{name} statement");
        var receipt = SimSignatures.Key($"{name} receipt");
        ManifestKey[] keys =
            [Active(KeyPurpose.Tls, tls), Active(KeyPurpose.Head, head), Active(KeyPurpose.Statement, statement), Active(KeyPurpose.Receipt, receipt)];
        var payload = Manifest.Create(Id, 1, Digest.Zero, 0, root.Spki, keys).Encode();
        Card = new PartnerCard { Institute = name, DisplayName = name };
        Card.Addresses.Add($"{name}.sim:443");
        Card.Manifests.Add(new SignedBytes { Payload = ByteString.CopyFrom(payload), Signature = ByteString.CopyFrom(root.Sign(Manifest.PaeType, payload)) });
        if (!PartnerCards.TryVerify(Card, SimSignatures.Scheme, out var verified, out var error))
            throw new InvalidOperationException(error);
        Identity = new NodeIdentity
        {
            Institute = Id,
            Card = Card,
            RootFingerprint = verified.RootFingerprint,
            ManifestNumber = 1,
            Keys = verified.Keys,
            HeadKey = head,
            StatementKey = statement,
            ReceiptKey = receipt,
        };
    }

    public InstituteId Id { get; }

    public string Name => Id.ToString();

    public PartnerCard Card { get; }

    public NodeIdentity Identity { get; }

    private static ManifestKey Active(KeyPurpose purpose, SigningKey key) => new(purpose, KeyState.Active, key.Spki);
}
