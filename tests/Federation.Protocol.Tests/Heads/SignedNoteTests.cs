using System.Security.Cryptography;
using Federation.Protocol.Heads;
using Federation.Protocol.Keys;

namespace Federation.Protocol.Tests.Heads;

/// <summary>The rules of C2SP signed-note.md, for ECDSA signatures.</summary>
public sealed class SignedNoteTests : IDisposable
{
    private const string Name = "federation.example/uk/1";
    private const string Text = "a line\n\nanother, after an empty one\n";

    private readonly SigningKey key = SigningKey.FromKey(ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private readonly SigningKey other = SigningKey.FromKey(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public void Dispose()
    {
        key.Dispose();
        other.Dispose();
    }

    [Fact]
    public void A_signed_text_verifies_and_comes_back()
    {
        // Leading zeroes of r and s come up once in some hundred signatures, and DER leaves them out.
        for (var i = 0; i < 600; i++)
            Assert.Equal(Text, Verified(SignedNote.Sign(Text, Name, key)));
    }

    [Fact]
    public void The_signature_is_DER_over_the_text_and_names_the_key_by_its_public_half()
    {
        var line = SignedNote.Sign(Text, Name, key)[(Text.Length + 1)..].TrimEnd('\n');

        Assert.StartsWith($"\u2014 {Name} ", line, StringComparison.Ordinal);
        var bytes = Convert.FromBase64String(line.Split(' ')[2]);
        Assert.Equal(SHA256.HashData(key.Spki)[..4], bytes[..4]);
        using var publicHalf = ECDsa.Create();
        publicHalf.ImportSubjectPublicKeyInfo(key.Spki, out _);
        Assert.True(publicHalf.VerifyData(
            System.Text.Encoding.UTF8.GetBytes(Text), bytes[4..], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }

    [Fact]
    public void Signatures_of_unknown_keys_are_ignored_and_alone_do_not_suffice()
    {
        var foreign = SignedNote.Sign(Text, Name, other);
        var both = foreign + SignedNote.Sign(Text, Name, key)[(Text.Length + 1)..];

        Assert.Null(Verified(foreign));
        Assert.Equal(Text, Verified(both));
        Assert.Null(Verified(SignedNote.Sign(Text, "another.example", key)));
    }

    [Fact]
    public void A_known_key_whose_signature_does_not_hold_spoils_the_note()
    {
        var good = SignedNote.Sign(Text, Name, key);
        var bad = SignedNote.Sign("a lie\n", Name, key)["a lie\n\n".Length..];

        Assert.Null(Verified(good + bad));
        Assert.Null(Verified(good.Replace("another", "any other", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_note_with_any_bit_changed_is_refused_or_says_the_same()
    {
        var note = SignedNote.Sign(Text, Name, key);
        for (var i = 0; i < note.Length; i++)
        {
            var bent = string.Concat(note.AsSpan(0, i), ((char)(note[i] ^ 1)).ToString(), note.AsSpan(i + 1));
            Assert.True(Verified(bent) is null or Text, bent);
        }
    }

    [Theory]
    [InlineData("no newline at the end")]
    [InlineData("a control\u0007character\n")]
    public void Texts_that_no_note_may_have_are_not_signed(string text) => Assert.Throws<ArgumentException>(() => SignedNote.Sign(text, Name, key));

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("a+b")]
    [InlineData("wide\u2003space")]
    public void Names_that_no_key_may_have_are_not_used(string name) => Assert.Throws<ArgumentException>(() => SignedNote.Sign(Text, name, key));

    [Fact]
    public void What_begins_like_another_signed_object_is_not_signed() =>
        Assert.Throws<ArgumentException>(() => SignedNote.Sign("DSSEv1 18 federation/head.v1 0 \n", Name, key));

    [Theory]
    [InlineData("")]
    [InlineData("text alone\n")]
    [InlineData("text\n\n")]
    [InlineData("text\n\n\u2014 name\n")]
    [InlineData("text\n\n\u2014 name !!!!\n")]
    [InlineData("text\n\n- name AAAAAAAA\n")]
    [InlineData("text\n\n\u2014 name AAAA\n")]
    public void What_is_no_note_is_refused(string note) => Assert.Null(Verified(note));

    private string? Verified(string note) => SignedNote.TryVerify(note, Name, key.Spki, SignatureScheme.Ecdsa, out var text, out _) ? text : null;
}
