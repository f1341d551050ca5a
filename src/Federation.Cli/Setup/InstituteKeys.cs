using System.Security.Cryptography;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Cli.Setup;

/// <summary>Makes an institute's keys: the root, the four that the node signs with, and the manifest that binds them.</summary>
internal static class InstituteKeys
{
    private static readonly (KeyPurpose Purpose, string File)[] NodeKeys =
    [
        (KeyPurpose.Tls, "tls.key"),
        (KeyPurpose.Head, "head.key"),
        (KeyPurpose.Statement, "statement.key"),
        (KeyPurpose.Receipt, "receipt.key"),
    ];

    /// <summary>Writes the keys and manifest number 1 into a directory, and answers the institute's card.</summary>
    public static PartnerCard Write(string directory, InstitutePlan plan, DateTimeOffset now)
    {
        using var root = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        WriteKey(directory, "root.key", root);
        var keys = new List<ManifestKey>();
        foreach (var (purpose, file) in NodeKeys)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            WriteKey(directory, file, key);
            keys.Add(new ManifestKey(purpose, KeyState.Active, key.ExportSubjectPublicKeyInfo()));
        }
        var manifest = Manifest
            .Create(plan.Institute, 1, Digest.Zero, now.ToUnixTimeMilliseconds(), root.ExportSubjectPublicKeyInfo(), keys)
            .Encode();
        using var signer = SigningKey.FromKey(root);
        var signed = new SignedBytes
        {
            Payload = ByteString.CopyFrom(manifest),
            Signature = ByteString.CopyFrom(signer.Sign(Manifest.PaeType, manifest)),
        };
        var card = new PartnerCard
        {
            Institute = plan.Institute.ToString(),
            DisplayName = plan.DisplayName,
            Addresses = { plan.Advertise },
            Manifests = { signed },
        };
        File.WriteAllBytes(Path.Combine(directory, "manifests.bin"), card.ToByteArray());
        return card;
    }

    private static void WriteKey(string directory, string file, ECDsa key) =>
        PrivateFile.Write(Path.Combine(directory, file), key.ExportPkcs8PrivateKeyPem() + "\n");
}
