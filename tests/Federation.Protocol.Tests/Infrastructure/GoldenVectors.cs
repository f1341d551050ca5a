using System.Text.Json;

namespace Federation.Protocol.Tests.Infrastructure;

/// <summary>Reads the golden vectors, which Vectors/vectors.py writes.</summary>
internal static class GoldenVectors
{
    private static readonly JsonSerializerOptions SnakeCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    internal static IReadOnlyList<T> Read<T>(string name)
    {
        using var stream = typeof(GoldenVectors).Assembly.GetManifestResourceStream(name + ".json");
        Assert.NotNull(stream);
        var cases = JsonSerializer.Deserialize<List<T>>(stream, SnakeCase);
        Assert.NotNull(cases);
        Assert.NotEmpty(cases);
        return cases;
    }

    internal static byte[] Hex(string text) => Convert.FromHexString(text);

    internal static ulong HexNumber(string text) => Convert.ToUInt64(text, 16);
}
