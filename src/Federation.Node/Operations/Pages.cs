using Federation.Protocol.Errors;
using Federation.Protocol.Records;
using Grpc.Core;

namespace Federation.Node.Operations;

/// <summary>Reads page sizes and tokens (AIP-158).</summary>
internal static class Pages
{
    /// <summary>The size asked for; 0 means the standard one, and more than the most is refused.</summary>
    public static int Size(int asked, int most, int standard) => asked >= 0 && asked <= most
        ? (asked == 0 ? standard : asked)
        : throw FederationError.Exception(FederationReason.FieldInvalid, $"page_size: 0 to {most}", ("page_size", $"0 to {most}"));

    /// <summary>The public id in a token; null for none.</summary>
    public static RecordId? Record(string token) => token.Length == 0
        ? null
        : RecordId.TryParse(token, out var id) ? id : throw NotAToken();

    /// <summary>The number in a token; 0 for none.</summary>
    public static long Number(string token) => token.Length == 0
        ? 0
        : long.TryParse(token, out var number) && number >= 0
            ? number
            : throw NotAToken();

    private static RpcException NotAToken() =>
        FederationError.Exception(FederationReason.FieldInvalid, "page_token: not a token", ("page_token", "not a token"));
}
