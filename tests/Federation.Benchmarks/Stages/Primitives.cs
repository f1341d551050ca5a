using System.Security.Cryptography;
using Federation.Protocol.Keys;
using Federation.Protocol.Statements;

namespace Federation.Benchmarks.Stages;

/// <summary>What the stages are made of: hashes, keyed hashes, sealing, signatures, random bytes.</summary>
internal static class Primitives
{
    public const int Operations = 20_000;

    private const int PartBytes = 160;
    private const int BodyBytes = 2600;

    public static async Task RunAsync(StageNode node, StageClock clock)
    {
        var part = new byte[PartBytes];
        var body = new byte[BodyBytes];
        var key = new byte[32];
        await Repeat(clock, $"one SHA-256 of {PartBytes} bytes", () => SHA256.HashData(part));
        await Repeat(clock, $"one HMAC-SHA-256 of {PartBytes} bytes", () => HMACSHA256.HashData(key, part));
        using (var reused = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key))
        {
            var mac = new byte[32];
            await Repeat(clock, $"one HMAC-SHA-256 of {PartBytes} bytes, one object used again", () =>
            {
                reused.AppendData(part);
                reused.GetHashAndReset(mac);
            });
        }

        await Repeat(clock, $"one AES-GCM seal of {BodyBytes} bytes under a new key", () =>
        {
            using var aes = new AesGcm(key, 16);
            aes.Encrypt(key.AsSpan(0, 12), body, body, key.AsSpan(0, 16));
        });
        await Repeat(clock, "32 random bytes", () => RandomNumberGenerator.Fill(key));
        var secret = new RecordSecret(key);
        await Repeat(clock, "one part's salt and change time", () =>
        {
            secret.Salt(7, 7);
            secret.ChangedMs(7, 7, part, _ => false);
        });
        byte[] signature = [];
        await Repeat(clock, "one signature", () => signature = node.Identity.StatementKey.Sign(Statement.PaeType, body));
        await Repeat(clock, "one verification", () => node.Identity.Keys.Verify(KeyPurpose.Statement, Statement.PaeType, body, signature));
    }

    private static Task<double> Repeat(StageClock clock, string what, Action action) => clock.MeasureAsync($"primitive: {what}", () =>
    {
        for (var i = 0; i < Operations; i++)
            action();
    });
}
