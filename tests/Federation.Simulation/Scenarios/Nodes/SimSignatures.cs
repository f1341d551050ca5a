using System.Security.Cryptography;
using System.Text;
using Federation.Protocol.Keys;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>
/// Signatures that are the same in every run: a keyed hash over the public key stands in for ECDSA, whose values are random. Whoever
/// knows a public key could forge; the adversary of the simulation keeps to its own keys.
/// </summary>
internal static class SimSignatures
{
    /// <summary>How nodes of the simulation verify.</summary>
    public static SignatureScheme Scheme { get; } = new(static (_, spki) => (message, value) => value.SequenceEqual(Sign(spki.Span, message)));

    /// <summary>A key that depends on its name alone; whoever watches sees each message before it is signed.</summary>
    public static SigningKey Key(string name, Action<byte[]>? watch = null)
    {
        var spki = SubjectPublicKey.Encode(SignatureAlgorithm.EcdsaP256Sha256, SHA512.HashData(Encoding.UTF8.GetBytes(name)));
        return new SigningKey(spki, message =>
        {
            watch?.Invoke(message.ToArray());
            return Sign(spki, message);
        });
    }

    private static byte[] Sign(ReadOnlySpan<byte> spki, ReadOnlySpan<byte> message) => HMACSHA512.HashData(spki, message);
}
