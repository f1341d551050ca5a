using Federation.Protocol.Keys;
using Federation.V1.Exchange;

namespace Federation.Node.Partners;

/// <summary>Reads a node's identity from its keys directory. The root key is not read: a node never needs it.</summary>
internal static class IdentityFiles
{
    /// <summary>Reads the keys and the manifest chain; an <see cref="InvalidDataException"/> says what is wrong with which file.</summary>
    public static NodeIdentity Read(NodeOptions options, SignatureScheme scheme)
    {
        var path = Path.Combine(options.KeysDirectory, "manifests.bin");
        var card = PartnerCard.Parser.ParseFrom(File.ReadAllBytes(path));
        card.Institute = options.Institute;
        card.DisplayName = options.DisplayName;
        card.Addresses.Clear();
        card.Addresses.AddRange(options.Advertise);
        if (!PartnerCards.TryVerify(card, scheme, out var verified, out var error))
            throw new InvalidDataException($"{path}: {error}");
        var last = card.Manifests[^1].Payload.Span;
        if (!Manifest.TryDecode(last, out var manifest, out error))
            throw new InvalidDataException($"{path}: {error}");
        return new NodeIdentity
        {
            Institute = verified.Institute,
            Card = card,
            RootFingerprint = verified.RootFingerprint,
            ManifestNumber = manifest.Number,
            Keys = verified.Keys,
            HeadKey = ReadKey(options, "head.key", KeyPurpose.Head, manifest),
            StatementKey = ReadKey(options, "statement.key", KeyPurpose.Statement, manifest),
            ReceiptKey = ReadKey(options, "receipt.key", KeyPurpose.Receipt, manifest),
        };
    }

    private static SigningKey ReadKey(NodeOptions options, string file, KeyPurpose purpose, Manifest manifest)
    {
        var path = Path.Combine(options.KeysDirectory, file);
        var key = SigningKey.FromPem(File.ReadAllText(path));
        if (!manifest.Keys.Any(k => k.Purpose == purpose && k.State == KeyState.Active && k.KeyId == key.KeyId))
            throw new InvalidDataException($"{path}: the manifest has no active {purpose} key {key.KeyId}");
        return key;
    }
}
