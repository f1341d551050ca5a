using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>Calls without a gRPC client in between, to see everything that comes back and to say any host name.</summary>
internal sealed class RawHttp : IDisposable
{
    private readonly HttpClient client;
    private readonly string address;

    public RawHttp(string address, X509Certificate2 certificate)
    {
        this.address = address;
        var options = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls13,
            ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
        };
        client = new HttpClient(new SocketsHttpHandler { SslOptions = options });
    }

    /// <summary>Posts one empty gRPC message and returns the whole answer as text: status, headers, body and trailers; the date is left out.</summary>
    public async Task<string> PostAsync(string path, string authority, CancellationToken cancellationToken, byte[]? body = null)
    {
        var target = new Uri($"https://{address}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(HttpMethod.Post, target)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body ?? new byte[5]),
        };
        request.Headers.Host = authority;
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var response = await client.SendAsync(request, cancellationToken);
        var answer = new StringBuilder($"{(int)response.StatusCode}");
        var content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(h => h.Key != "Date").OrderBy(h => h.Key, StringComparer.Ordinal))
            answer.Append('\n').Append(name).Append(": ").AppendJoin(',', values);
        answer.Append('\n').Append(Convert.ToHexString(content));
        foreach (var (name, values) in response.TrailingHeaders)
            answer.Append('\n').Append(name).Append(": ").AppendJoin(',', values);
        return answer.ToString();
    }

    public void Dispose() => client.Dispose();
}
