using System.Security.Cryptography;
using Federation.Protocol.Keys;
using Federation.Protocol.Tests.Infrastructure;

namespace Federation.Protocol.Tests.Keys;

public class SigningKeyTests
{
    private const string Type = "federation/test.v1";

    [Fact]
    public void A_key_read_from_PEM_signs_what_its_public_half_verifies()
    {
        foreach (var (curve, algorithm, size) in new[]
        {
            (ECCurve.NamedCurves.nistP256, SignatureAlgorithm.EcdsaP256Sha256, 81), (ECCurve.NamedCurves.nistP384, SignatureAlgorithm.EcdsaP384Sha384, 113),
        })
        {
            using var generated = ECDsa.Create(curve);
            using var key = SigningKey.FromPem(generated.ExportPkcs8PrivateKeyPem());
            Assert.Equal(generated.ExportSubjectPublicKeyInfo(), key.Spki);
            Assert.Equal(algorithm, key.Algorithm);
            var signature = key.Sign(Type, "payload"u8);
            Assert.Equal(size, signature.Length);
            Assert.True(SignatureScheme.Ecdsa.Verify(key.Spki, Type, "payload"u8, signature));
            Assert.False(SignatureScheme.Ecdsa.Verify(key.Spki, Type, "payloae"u8, signature));
            Assert.False(SignatureScheme.Ecdsa.Verify(key.Spki, Type + "x", "payload"u8, signature));
            Assert.False(SignatureScheme.Ecdsa.Verify(TestKeys.P256().Spki, Type, "payload"u8, signature));
        }
    }

    [Fact]
    public void Text_that_is_not_an_unencrypted_private_key_on_a_known_curve_is_refused()
    {
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var p521 = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        using var rsa = RSA.Create(2048);
        var encrypted = p256.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1));
        foreach (var pem in new[]
        {
            "", "no key", p256.ExportSubjectPublicKeyInfoPem(), p256.ExportECPrivateKeyPem(), encrypted, p521.ExportPkcs8PrivateKeyPem(),
            rsa.ExportPkcs8PrivateKeyPem(), PemEncoding.WriteString("PRIVATE KEY", [1, 2, 3]),
        })
        {
            Assert.Throws<ArgumentException>(() => SigningKey.FromPem(pem));
        }
    }

    [Fact]
    public void A_delegate_takes_the_place_of_a_private_key()
    {
        var spki = SubjectPublicKey.Encode(SignatureAlgorithm.EcdsaP256Sha256, new byte[64]);
        using var key = new SigningKey(spki, message => [.. SHA256.HashData(message), .. SHA256.HashData(message)]);
        var scheme = new SignatureScheme((_, _) => (message, signature) => signature[..32].SequenceEqual(SHA256.HashData(message)));
        Assert.Equal(key.Sign(Type, "a"u8), key.Sign(Type, "a"u8));
        Assert.True(scheme.Verify(spki, Type, "a"u8, key.Sign(Type, "a"u8)));
        Assert.False(scheme.Verify(spki, Type, "b"u8, key.Sign(Type, "a"u8)));
        Assert.False(SignatureScheme.Ecdsa.Verify(spki, Type, "a"u8, key.Sign(Type, "a"u8)));
    }

    [Fact]
    public void A_signer_that_answers_a_wrong_length_is_a_fault()
    {
        var spki = SubjectPublicKey.Encode(SignatureAlgorithm.EcdsaP384Sha384, new byte[96]);
        using var key = new SigningKey(spki, _ => new byte[64]);
        Assert.Throws<CryptographicException>(() => key.Sign(Type, "a"u8));
        Assert.Throws<ArgumentException>(() => new SigningKey([1, 2], _ => []));
    }

    [Fact]
    public void A_key_has_one_encoding()
    {
        Assert.Throws<ArgumentException>(() => SubjectPublicKey.Encode(SignatureAlgorithm.EcdsaP256Sha256, new byte[63]));
        Assert.Throws<ArgumentException>(() => SubjectPublicKey.Encode(SignatureAlgorithm.None, new byte[64]));
        var spki = TestKeys.P256().Spki;
        Assert.True(SubjectPublicKey.TryGetAlgorithm(spki, out _));
        Assert.False(SubjectPublicKey.TryGetAlgorithm([.. spki, 0], out _));
        for (var i = 0; i < 27; i++)
        {
            spki[i] ^= 1;
            Assert.False(SubjectPublicKey.TryGetAlgorithm(spki, out var algorithm));
            Assert.Equal(SignatureAlgorithm.None, algorithm);
            spki[i] ^= 1;
        }
    }

    [Fact]
    public async Task Signing_and_verifying_is_safe_from_many_threads()
    {
        var keys = new TestKeys();
        var ring = keys.Ring();
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(
            () => Enumerable.Range(0, 50).All(i =>
            {
                byte[] payload = [(byte)worker, (byte)i];
                return ring.Verify(KeyPurpose.Head, Type, payload, keys.Head.Sign(Type, payload));
            }),
            TestContext.Current.CancellationToken)));
        Assert.All(results, Assert.True);
    }

    [Fact]
    public void A_signature_of_an_unknown_algorithm_or_a_wrong_length_is_malformed()
    {
        var bytes = TestKeys.P256().Sign(Type, "a"u8);
        Assert.True(Signature.TryDecode(bytes, out _, out _));
        Assert.False(Signature.TryDecode([.. bytes, 0], out _, out _));
        Assert.False(Signature.TryDecode(bytes.AsSpan(0, 80), out _, out _));
        Assert.False(Signature.TryDecode([], out _, out _));
        foreach (var algorithm in new byte[] { 0, 2, 3, 255 })
        {
            bytes[0] = algorithm;
            Assert.False(Signature.TryDecode(bytes, out _, out var error));
            Assert.NotEmpty(error);
        }
    }
}
