using Federation.Protocol.Keys;
using Federation.Protocol.Records;
using Federation.Protocol.Tests.Infrastructure;

namespace Federation.Protocol.Tests.Keys;

public class ManifestTests
{
    private readonly TestKeys _keys = new();

    [Fact]
    public void A_manifest_is_read_as_it_was_written_and_at_no_other_length()
    {
        var bytes = Create(_keys.AllActive()).Encode();
        Assert.True(Manifest.TryDecode(bytes, out var manifest, out var error), error);
        Assert.Equal(TestKeys.Institute, manifest.Origin);
        Assert.Equal(4, manifest.Keys.Count);
        Assert.Equal(_keys.Head.KeyId, manifest.Keys[1].KeyId);
        Assert.Equal(_keys.Root.Spki, manifest.RootSpki.ToArray());
        Assert.Equal(bytes, manifest.Encode());
        for (var length = 0; length < bytes.Length; length++)
            Assert.False(Manifest.TryDecode(bytes.AsSpan(0, length), out _, out _));
        Assert.False(Manifest.TryDecode([.. bytes, 0], out _, out error));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void Unknown_purposes_and_states_are_refused()
    {
        AssertRefused(new ManifestKey(KeyPurpose.None, KeyState.Active, _keys.Head.Spki));
        AssertRefused(new ManifestKey((KeyPurpose)5, KeyState.Active, _keys.Head.Spki));
        AssertRefused(new ManifestKey(KeyPurpose.Head, KeyState.None, _keys.Head.Spki));
        AssertRefused(new ManifestKey(KeyPurpose.Head, (KeyState)4, _keys.Head.Spki));
        var bytes = Create(TestKeys.Active(KeyPurpose.Head, _keys.Head)).Encode();
        var purposeAt = bytes.Length - 91 - 4;
        foreach (var (offset, value) in new[] { (0, 0), (0, 5), (1, 0), (1, 4) })
        {
            var changed = bytes.ToArray();
            changed[purposeAt + offset] = (byte)value;
            Assert.False(Manifest.TryDecode(changed, out _, out _));
        }
    }

    [Fact]
    public void A_key_is_listed_once_and_is_not_the_root()
    {
        AssertRefused(TestKeys.Active(KeyPurpose.Head, _keys.Head), TestKeys.Active(KeyPurpose.Receipt, _keys.Head));
        AssertRefused(TestKeys.Active(KeyPurpose.Head, _keys.Head), new ManifestKey(KeyPurpose.Head, KeyState.Revoked, _keys.Head.Spki));
        AssertRefused(TestKeys.Active(KeyPurpose.Head, _keys.Root));
        AssertRefused(new ManifestKey(KeyPurpose.Head, KeyState.Active, default));
    }

    [Fact]
    public void A_manifest_lists_at_most_256_keys()
    {
        ManifestKey[] most = [.. Enumerable.Range(0, 256).Select(i => new ManifestKey(KeyPurpose.Tls, KeyState.Revoked, (byte[])[(byte)i, 1]))];
        Assert.True(Manifest.TryDecode(Create(most).Encode(), out _, out _));
        AssertRefused([.. most, new ManifestKey(KeyPurpose.Tls, KeyState.Revoked, (byte[])[1, 2, 3])]);
    }

    [Fact]
    public void Only_the_first_manifest_has_none_before_it()
    {
        var previous = Digest.Sha256("x"u8);
        Assert.Equal(2U, Manifest.Create(TestKeys.Institute, 2, previous, 0, _keys.Root.Spki, []).Number);
        Assert.Throws<ArgumentException>(() => Manifest.Create(TestKeys.Institute, 1, previous, 0, _keys.Root.Spki, []));
        Assert.Throws<ArgumentException>(() => Manifest.Create(TestKeys.Institute, 2, Digest.Zero, 0, _keys.Root.Spki, []));
        Assert.Throws<ArgumentException>(() => Manifest.Create(TestKeys.Institute, 0, Digest.Zero, 0, _keys.Root.Spki, []));
        Assert.Throws<ArgumentException>(() => Manifest.Create(TestKeys.Institute, 1, Digest.Zero, -1, _keys.Root.Spki, []));
        Assert.Throws<ArgumentException>(() => Manifest.Create(default, 1, Digest.Zero, 0, _keys.Root.Spki, []));
        Assert.Throws<ArgumentException>(() => Manifest.Create(TestKeys.Institute, 1, Digest.Zero, 0, "no key"u8.ToArray(), []));
    }

    [Fact]
    public void A_fingerprint_is_shown_in_groups_and_read_with_or_without_them()
    {
        var fingerprint = RootFingerprint.Of(_keys.Root.Spki);
        var text = RootFingerprint.Format(fingerprint);
        Assert.Matches("^([0-9a-f]{4}-){15}[0-9a-f]{4}$", text);
        foreach (var spelling in new[] { text, text.Replace('-', ':'), text.Replace('-', ' '), fingerprint.ToString(), text.ToUpperInvariant() })
        {
            Assert.True(RootFingerprint.TryParse(spelling, out var parsed));
            Assert.Equal(fingerprint, parsed);
        }
        Assert.False(RootFingerprint.TryParse(text[1..], out _));
        Assert.False(RootFingerprint.TryParse(null, out _));
    }

    private Manifest Create(params ManifestKey[] keys) => Manifest.Create(TestKeys.Institute, 1, Digest.Zero, 7, _keys.Root.Spki, keys);

    private void AssertRefused(params ManifestKey[] keys) => Assert.Throws<ArgumentException>(() => Create(keys));
}
