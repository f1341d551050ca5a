using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.Protocol.Tests.Infrastructure;

namespace Federation.Protocol.Tests.Keys;

public class ManifestChainTests
{
    private readonly TestKeys _keys = new();
    private readonly List<(byte[] Manifest, byte[] Signature)> _chain = [];

    public ManifestChainTests()
    {
        _chain.Add(_keys.Sign(_chain, _keys.AllActive()));
        _chain.Add(_keys.Sign(_chain, [.. _keys.AllActive()[..1], new ManifestKey(KeyPurpose.Head, KeyState.Revoked, _keys.Head.Spki)]));
        _chain.Add(_keys.Sign(_chain, _keys.AllActive()[..1]));
    }

    [Fact]
    public void A_chain_verifies_and_its_last_manifest_counts()
    {
        for (var length = 1; length <= _chain.Count; length++)
        {
            Assert.True(TryVerify(_chain[..length], out var chain, out var error), error);
            Assert.Equal((uint)length, chain?.Latest.Number);
            Assert.Equal((uint)length, chain?.Keys.ManifestNumber);
            Assert.Equal(length == 1, chain?.Keys.Verify(KeyPurpose.Head, "t", "x"u8, _keys.Head.Sign("t", "x"u8)));
            Assert.True(chain?.Keys.IsTlsKey(_keys.Tls.Spki));
        }
    }

    [Fact]
    public void A_chain_is_extended_by_what_follows_and_by_nothing_else()
    {
        Assert.True(TryVerify(_chain[..1], out var chain, out _));
        Assert.NotNull(chain);
        Assert.True(chain.TryExtend(_chain[1..], out var longer, out _));
        Assert.Equal(3U, longer.Latest.Number);
        Assert.Equal(1U, chain.Latest.Number);
        Assert.True(chain.TryExtend([], out var same, out _));
        Assert.Same(chain, same);
        Assert.False(chain.TryExtend(_chain[2..], out _, out _));
        Assert.False(chain.TryExtend(_chain, out _, out var error));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void A_revoked_key_never_comes_back()
    {
        List<(byte[], byte[])> returned = [.. _chain, _keys.Sign(_chain, _keys.AllActive())];
        Assert.False(TryVerify(returned, out _, out var error));
        Assert.Contains(_keys.Head.KeyId.ToString(), error, StringComparison.Ordinal);
        List<(byte[], byte[])> stillRevoked = [.. _chain, _keys.Sign(_chain, new ManifestKey(KeyPurpose.Head, KeyState.Revoked, _keys.Head.Spki))];
        Assert.True(TryVerify(stillRevoked, out var chain, out _));
        Assert.NotNull(chain);
        Assert.False(chain.TryExtend([_keys.Sign(stillRevoked, _keys.AllActive())], out _, out _));
    }

    [Fact]
    public void A_gap_a_repetition_and_a_start_in_the_middle_are_refused()
    {
        AssertRefused([_chain[0], _chain[2]]);
        AssertRefused([_chain[0], _chain[0]]);
        AssertRefused([_chain[1], _chain[2]]);
        AssertRefused([_chain[1], _chain[0]]);
        AssertRefused([]);
    }

    [Fact]
    public void A_manifest_that_follows_another_history_is_refused()
    {
        List<(byte[] Manifest, byte[] Signature)> other = [_keys.Sign([], _keys.AllActive()[..2])];
        AssertRefused([other[0], _chain[1]]);
        AssertRefused([_chain[0], _keys.Sign(other, _keys.AllActive())]);
    }

    [Fact]
    public void Another_root_institute_or_signature_is_refused()
    {
        var others = new TestKeys();
        Assert.False(ManifestChain.TryVerify(TestKeys.Institute, others.Fingerprint, _chain, SignatureScheme.Ecdsa, out _, out _));
        Assert.False(ManifestChain.TryVerify(InstituteId.Parse("beta-lab"), _keys.Fingerprint, _chain, SignatureScheme.Ecdsa, out _, out _));
        AssertRefused([(_chain[0].Manifest, others.Root.Sign(Manifest.PaeType, _chain[0].Manifest))]);
        AssertRefused([(_chain[0].Manifest, _keys.Head.Sign(Manifest.PaeType, _chain[0].Manifest))]);
        AssertRefused([(_chain[0].Manifest, _keys.Root.Sign("federation/head.v1", _chain[0].Manifest))]);
        AssertRefused([(_chain[0].Manifest, [])]);
        AssertRefused([_chain[0], _chain[1], (_chain[2].Manifest, _chain[1].Signature)]);
        // The root may not change within a chain, even if the old root would agree.
        AssertRefused([_chain[0], others.Sign(_chain[..1], _keys.AllActive())]);
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_a_manifest_is_refused()
    {
        var (bytes, signature) = _chain[0];
        // One bit of each byte: P-384 is slow, and a signature either covers a byte or does not.
        for (var bit = 0; bit < bytes.Length * 8; bit += 7)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertRefused([(bytes, signature)]);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    private void AssertRefused(List<(byte[], byte[])> manifests)
    {
        Assert.False(TryVerify(manifests, out var chain, out var error));
        Assert.Null(chain);
        Assert.NotEmpty(error);
    }

    private bool TryVerify(List<(byte[], byte[])> manifests, out ManifestChain? chain, out string error) =>
        ManifestChain.TryVerify(TestKeys.Institute, _keys.Fingerprint, manifests, SignatureScheme.Ecdsa, out chain, out error);
}
