using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.Protocol.Tests.Infrastructure;

namespace Federation.Protocol.Tests.Keys;

public class KeyRingTests
{
    private const string Type = "federation/test.v1";
    private static readonly KeyPurpose[] Purposes = [KeyPurpose.Tls, KeyPurpose.Head, KeyPurpose.Statement, KeyPurpose.Receipt];

    private readonly TestKeys _keys = new();

    [Fact]
    public void A_key_verifies_for_its_own_purpose_only()
    {
        var ring = _keys.Ring();
        SigningKey[] signers = [_keys.Tls, _keys.Head, _keys.Statement, _keys.Receipt];
        for (var signer = 0; signer < signers.Length; signer++)
        {
            for (var purpose = 0; purpose < Purposes.Length; purpose++)
                Assert.Equal(signer == purpose, ring.Verify(Purposes[purpose], Type, "x"u8, signers[signer].Sign(Type, "x"u8)));
        }
        Assert.False(ring.Verify(KeyPurpose.Head, Type, "x"u8, _keys.Root.Sign(Type, "x"u8)));
        Assert.False(ring.Verify(KeyPurpose.None, Type, "x"u8, _keys.Head.Sign(Type, "x"u8)));
    }

    [Theory]
    [InlineData(KeyState.Announced, false)]
    [InlineData(KeyState.Active, true)]
    [InlineData(KeyState.Revoked, false)]
    public void Only_active_keys_verify(KeyState state, bool verifies)
    {
        var ring = Ring(new ManifestKey(KeyPurpose.Head, state, _keys.Head.Spki), new ManifestKey(KeyPurpose.Tls, state, _keys.Tls.Spki));
        Assert.Equal(verifies, ring.Verify(KeyPurpose.Head, Type, "x"u8, _keys.Head.Sign(Type, "x"u8)));
        Assert.Equal(verifies, ring.IsTlsKey(_keys.Tls.Spki));
    }

    [Fact]
    public void Two_active_keys_of_a_purpose_both_verify()
    {
        using var next = TestKeys.P256();
        var ring = Ring(TestKeys.Active(KeyPurpose.Head, _keys.Head), TestKeys.Active(KeyPurpose.Head, next));
        Assert.True(ring.Verify(KeyPurpose.Head, Type, "x"u8, _keys.Head.Sign(Type, "x"u8)));
        Assert.True(ring.Verify(KeyPurpose.Head, Type, "x"u8, next.Sign(Type, "x"u8)));
    }

    [Fact]
    public void Only_a_TLS_key_is_one()
    {
        var ring = _keys.Ring();
        Assert.True(ring.IsTlsKey(_keys.Tls.Spki));
        Assert.False(ring.IsTlsKey(_keys.Head.Spki));
        Assert.False(ring.IsTlsKey(TestKeys.P256().Spki));
        Assert.False(ring.IsTlsKey([]));
    }

    [Fact]
    public void The_algorithm_is_that_of_the_key_and_not_what_the_signature_says()
    {
        var ring = _keys.Ring();
        var signature = _keys.Head.Sign(Type, "x"u8);
        byte[] claimed = [2, .. signature[1..], .. new byte[32]];
        Assert.True(Signature.TryDecode(claimed, out _, out _));
        Assert.False(ring.Verify(KeyPurpose.Head, Type, "x"u8, claimed));

        // Not even where the scheme would accept anything.
        var manifest = Manifest.Create(TestKeys.Institute, 1, Digest.Zero, 0, _keys.Root.Spki, _keys.AllActive());
        var gullible = new KeyRing(manifest, new SignatureScheme((_, _) => (_, _) => true));
        Assert.True(gullible.Verify(KeyPurpose.Head, Type, "x"u8, signature));
        Assert.False(gullible.Verify(KeyPurpose.Head, Type, "x"u8, claimed));
    }

    [Fact]
    public void A_key_that_is_no_point_of_its_curve_or_of_a_later_algorithm_verifies_nothing_and_disturbs_nothing()
    {
        var offCurve = SubjectPublicKey.Encode(SignatureAlgorithm.EcdsaP256Sha256, [.. Enumerable.Repeat((byte)1, 64)]);
        var ring = Ring(
            new ManifestKey(KeyPurpose.Head, KeyState.Active, offCurve),
            new ManifestKey(KeyPurpose.Head, KeyState.Active, "a later algorithm"u8.ToArray()),
            TestKeys.Active(KeyPurpose.Head, _keys.Head));
        var forged = new Signature(SignatureAlgorithm.EcdsaP256Sha256, KeyId.Of(offCurve), new byte[64]).Encode();
        Assert.False(ring.Verify(KeyPurpose.Head, Type, "x"u8, forged));
        var later = new Signature(SignatureAlgorithm.EcdsaP256Sha256, KeyId.Of("a later algorithm"u8), new byte[64]).Encode();
        Assert.False(ring.Verify(KeyPurpose.Head, Type, "x"u8, later));
        Assert.True(ring.Verify(KeyPurpose.Head, Type, "x"u8, _keys.Head.Sign(Type, "x"u8)));
    }

    [Fact]
    public void Every_flipped_bit_of_a_signature_is_refused()
    {
        var ring = _keys.Ring();
        var signature = _keys.Head.Sign(Type, "x"u8);
        for (var bit = 0; bit < signature.Length * 8; bit++)
        {
            signature[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(ring.Verify(KeyPurpose.Head, Type, "x"u8, signature));
            signature[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0xFF)]
    public void Numbers_outside_the_range_of_a_curve_are_refused_without_a_fault(byte value)
    {
        byte[] outside = [.. Enumerable.Repeat(value, 64)];
        var frame = new Signature(SignatureAlgorithm.EcdsaP256Sha256, _keys.Head.KeyId, outside).Encode();
        Assert.False(_keys.Ring().Verify(KeyPurpose.Head, Type, "x"u8, frame));
    }

    private KeyRing Ring(params ManifestKey[] keys) =>
        new(Manifest.Create(TestKeys.Institute, 1, Digest.Zero, 0, _keys.Root.Spki, keys), SignatureScheme.Ecdsa);
}
