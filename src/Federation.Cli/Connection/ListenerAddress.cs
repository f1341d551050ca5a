using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json;

namespace Federation.Cli.Connection;

/// <summary>The addresses that a running node wrote to <c>listening.json</c>.</summary>
/// <param name="Partner">The partner listener, as host:port.</param>
/// <param name="Own">The own listener, as host:port.</param>
internal sealed record ListenerAddress(string Partner, string Own)
{
    /// <summary>Reads the file; false while it is missing or half written.</summary>
    public static bool TryRead(string file, [NotNullWhen(true)] out ListenerAddress? addresses)
    {
        addresses = null;
        try
        {
            addresses = JsonSerializer.Deserialize<ListenerAddress>(File.ReadAllText(file), JsonSerializerOptions.Web);
        }
        catch (Exception fault) when (fault is JsonException or IOException)
        {
            return false;
        }
        return addresses is { Partner.Length: > 0, Own.Length: > 0 };
    }

    /// <summary>The address to call for a listener that may be bound to every interface.</summary>
    public static Uri Uri(string address, int port)
    {
        var host = IPAddress.TryParse(address, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)) ? "127.0.0.1" : address;
        return new UriBuilder("https", host, port).Uri;
    }

    /// <summary>The address to call for host:port.</summary>
    public static Uri Uri(string hostAndPort)
    {
        var parsed = new Uri($"https://{hostAndPort}");
        return Uri(parsed.IdnHost.Trim('[', ']'), parsed.Port);
    }
}
