using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;
using System.Text;
using Federation.Protocol.Keys;
using Federation.Protocol.Records;

namespace Federation.Protocol.Heads;

/// <summary>
/// A C2SP signed note with one ECDSA signature (type 0x02 on P-256): the text, an empty line, and <c>— name base64(key id u32 | signature)</c>.
/// The key id is the beginning of SHA-256 over the SubjectPublicKeyInfo; the signature is over SHA-256 of the text, as ASN.1 DER.
/// </summary>
public static class SignedNote
{
    private const byte EcdsaType = 2;
    private const string Dash = "\u2014 ";
    private const int MaxSignatures = 64;
    private const int MaxSizeChars = 1024 * 1024;

    /// <summary>Signs a text, which ends in a newline, in a name that has no spaces and no plus.</summary>
    /// <exception cref="ArgumentException">The text or name is not one that a note may have, or the key is not on P-256.</exception>
    public static string Sign(string text, string name, SigningKey key)
    {
        if (!IsText(text) || !IsName(name) || key.Algorithm != SignatureAlgorithm.EcdsaP256Sha256)
            throw new ArgumentException("A note is a text that ends in a newline, signed in a name without spaces by a key on P-256.", nameof(text));
        var value = ToDer(key.SignNote(Encoding.UTF8.GetBytes(text)));
        var line = new byte[sizeof(uint) + value.Length];
        BinaryPrimitives.WriteUInt32BigEndian(line, KeyIdOf(key.Spki));
        value.CopyTo(line, sizeof(uint));
        return $"{text}\n{Dash}{name} {Convert.ToBase64String(line)}\n";
    }

    /// <summary>The key as verifiers of notes are told it: <c>name+key id in hexadecimal+base64(0x02 | SubjectPublicKeyInfo)</c>.</summary>
    public static string VerifierKey(string name, ReadOnlySpan<byte> spki)
    {
        var key = new byte[1 + spki.Length];
        key[0] = EcdsaType;
        spki.CopyTo(key.AsSpan(1));
        return string.Create(CultureInfo.InvariantCulture, $"{name}+{KeyIdOf(spki):x8}+{Convert.ToBase64String(key)}");
    }

    /// <summary>
    /// Verifies a note by one known key. Signatures of other keys are ignored; false, with a sentence in <paramref name="error"/>, if none is by
    /// this key or one that names it does not hold.
    /// </summary>
    public static bool TryVerify(string note, string name, ReadOnlyMemory<byte> spki, SignatureScheme scheme, [NotNullWhen(true)] out string? text, out string error)
    {
        text = null;
        var split = note.Length > MaxSizeChars ? -1 : note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0 || !note.EndsWith('\n') || !IsText(note[..(split + 1)]))
            return Refuse("A note is a text, an empty line and signature lines.", out error);
        var lines = note[(split + 2)..].Split('\n')[..^1];
        if (lines.Length is 0 or > MaxSignatures)
            return Refuse($"A note has 1 to {MaxSignatures} signatures.", out error);
        var signed = note[..(split + 1)];
        var known = 0;
        foreach (var line in lines)
        {
            if (!TryReadLine(line, out var signer, out var value))
                return Refuse("A signature line is malformed.", out error);
            if (signer != name || BinaryPrimitives.ReadUInt32BigEndian(value) != KeyIdOf(spki.Span))
                continue;
            if (!Verify(Encoding.UTF8.GetBytes(signed), value.AsSpan(sizeof(uint)), spki, scheme))
                return Refuse($"The signature of {name} does not hold.", out error);
            known++;
        }
        if (known == 0)
            return Refuse($"No signature is by the key of {name}.", out error);
        text = signed;
        error = "";
        return true;
    }

    private static bool TryReadLine(string line, out string name, out byte[] value)
    {
        (name, value) = ("", []);
        if (!line.StartsWith(Dash, StringComparison.Ordinal) || line.Split(' ') is not [_, var signer, var base64] || !IsName(signer))
            return false;
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length) || length <= sizeof(uint))
            return false;
        (name, value) = (signer, bytes[..length]);
        return true;
    }

    private static bool Verify(byte[] text, ReadOnlySpan<byte> der, ReadOnlyMemory<byte> spki, SignatureScheme scheme) =>
        TryFromDer(der, out var value) && scheme.Import(SignatureAlgorithm.EcdsaP256Sha256, spki) is { } verify && verify(text, value);

    private static uint KeyIdOf(ReadOnlySpan<byte> spki)
    {
        Span<byte> hash = stackalloc byte[Digest.SizeBytes];
        Digest.Sha256(spki).Write(hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }

    private static byte[] ToDer(ReadOnlySpan<byte> value)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(new BigInteger(value[..(value.Length / 2)], isUnsigned: true, isBigEndian: true));
            writer.WriteInteger(new BigInteger(value[(value.Length / 2)..], isUnsigned: true, isBigEndian: true));
        }
        return writer.Encode();
    }

    private static bool TryFromDer(ReadOnlySpan<byte> der, out byte[] value)
    {
        value = new byte[Signature.ValueSizeBytes(SignatureAlgorithm.EcdsaP256Sha256)];
        try
        {
            var reader = new AsnReader(der.ToArray(), AsnEncodingRules.DER);
            var pair = reader.ReadSequence();
            var (r, s) = (pair.ReadInteger(), pair.ReadInteger());
            pair.ThrowIfNotEmpty();
            reader.ThrowIfNotEmpty();
            return TryWrite(r, value.AsSpan(0, value.Length / 2)) && TryWrite(s, value.AsSpan(value.Length / 2));
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static bool TryWrite(BigInteger number, Span<byte> destination)
    {
        if (number.Sign < 0 || number.GetByteCount(isUnsigned: true) > destination.Length)
            return false;
        return number.TryWriteBytes(destination[(destination.Length - number.GetByteCount(isUnsigned: true))..], out _, isUnsigned: true, isBigEndian: true);
    }

    private static bool IsText(string text) => text.EndsWith('\n') && !text.Any(character => character < ' ' && character != '\n');

    private static bool IsName(string name) => name.Length > 0 && !name.Any(character => char.IsWhiteSpace(character) || character is '+' or < ' ');

    private static bool Refuse(string reason, out string error)
    {
        error = reason;
        return false;
    }
}
