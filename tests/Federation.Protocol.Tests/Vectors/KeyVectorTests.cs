using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using static Federation.Protocol.Tests.Infrastructure.GoldenVectors;

namespace Federation.Protocol.Tests.Vectors;

public class KeyVectorTests
{
    [Fact]
    public void Pre_authentication_encodings_are_the_golden_bytes()
    {
        foreach (var golden in Read<PaeCase>("pae"))
            Assert.Equal(golden.Bytes, Convert.ToHexStringLower(Pae.Encode(golden.Type, Hex(golden.Payload))));
    }

    [Fact]
    public void The_encoding_of_the_DSSE_specification_is_met()
    {
        Assert.Equal("DSSEv1 29 http://example.com/HelloWorld 11 hello world"u8.ToArray(), Pae.Encode("http://example.com/HelloWorld", "hello world"u8));
    }

    [Fact]
    public void Signatures_made_elsewhere_verify_and_have_the_golden_frame()
    {
        foreach (var golden in Read<SignatureCase>("signature"))
        {
            var bytes = Hex(golden.Bytes);
            var spki = Hex(golden.Spki);
            Assert.True(SignatureScheme.Ecdsa.Verify(spki, golden.Type, Hex(golden.Payload), bytes));
            Assert.True(Signature.TryDecode(bytes, out var signature, out var error), error);
            Assert.Equal((SignatureAlgorithm)golden.Algorithm, signature.Algorithm);
            Assert.Equal(golden.KeyId, signature.Key.ToString());
            Assert.Equal(KeyId.Of(spki), signature.Key);
            Assert.Equal(bytes, signature.Encode());
        }
    }

    [Fact]
    public void Manifests_are_the_golden_bytes()
    {
        foreach (var golden in Read<ManifestBytes>("manifest"))
        {
            var keys = golden.Keys.Select(key => new ManifestKey((KeyPurpose)key.Purpose, (KeyState)key.State, Hex(key.Spki))).ToList();
            var previous = Digest.Read(Hex(golden.Previous));
            var manifest = Manifest.Create(InstituteId.Parse(golden.Origin), golden.Number, previous, golden.TimeMs, Hex(golden.RootSpki), keys);
            Assert.Equal(golden.Bytes, Convert.ToHexStringLower(manifest.Encode()));

            Assert.True(Manifest.TryDecode(Hex(golden.Bytes), out var decoded, out var error), error);
            Assert.Equal(golden.Bytes, Convert.ToHexStringLower(decoded.Encode()));
            Assert.Equal(keys.Select(key => (key.Purpose, key.State, key.KeyId)), decoded.Keys.Select(key => (key.Purpose, key.State, key.KeyId)));
        }
    }

    [Fact]
    public void A_manifest_chain_made_elsewhere_verifies()
    {
        var manifests = Read<ManifestBytes>("manifest").Select(golden => (Hex(golden.Bytes), Hex(golden.Signature))).ToList();
        Assert.True(Manifest.TryDecode(manifests[0].Item1, out var first, out _));
        var fingerprint = RootFingerprint.Of(first.RootSpki.Span);
        Assert.True(ManifestChain.TryVerify(first.Origin, fingerprint, manifests, SignatureScheme.Ecdsa, out var chain, out var error), error);
        Assert.Equal(3U, chain.Latest.Number);
    }

    private sealed record PaeCase(string Type, string Payload, string Bytes);

    private sealed record SignatureCase(byte Algorithm, string Spki, string KeyId, string Type, string Payload, string Bytes);
}
