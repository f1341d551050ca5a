using Federation.Protocol.Errors;
using Google.Rpc;
using Grpc.Core;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>Looks at why a call was refused.</summary>
internal static class Refusals
{
    /// <summary>Asserts the reason, and with it the status code.</summary>
    public static BadRequest? Assert(string reason, RpcException refusal)
    {
        Xunit.Assert.True(FederationError.TryRead(refusal, out var found, out var bad), $"no reason: {refusal.Status}");
        Xunit.Assert.Equal((reason, found.StatusCode), (found.Name, refusal.StatusCode));
        return bad;
    }

    /// <summary>Asserts that a call is refused for the reason.</summary>
    public static async Task<BadRequest?> Assert(string reason, Func<Task> call) => Assert(reason, await Xunit.Assert.ThrowsAsync<RpcException>(call));

    /// <summary>Everything that a caller can see of a refusal: status, message and trailers with their values.</summary>
    public static string Describe(RpcException refusal) =>
        $"{refusal.StatusCode}|{refusal.Status.Detail}|" +
        string.Join('|', refusal.Trailers.Where(t => t.Key != "date").OrderBy(t => t.Key, StringComparer.Ordinal)
            .Select(t => $"{t.Key}={(t.IsBinary ? Convert.ToHexString(t.ValueBytes) : t.Value)}"));
}
