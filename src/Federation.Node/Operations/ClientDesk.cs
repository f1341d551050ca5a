using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Federation.Node.Access;
using Federation.Node.Storage;
using Federation.Protocol.Errors;
using Federation.Protocol.Records;
using Federation.V1.Node;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Federation.Node.Operations;

/// <summary>Admits and removes the institute's own clients.</summary>
internal sealed partial class ClientDesk(INodeStore store, ClientDirectory directory, TimeProvider time)
{
    private const int MaxCertificateBytes = 8192;

    /// <summary>Admits a client by its certificate's public key.</summary>
    public async Task AddAsync(AddClientRequest request, CancellationToken cancellationToken)
    {
        if (!Name().IsMatch(request.Name))
            throw Wrong("name", "1 to 64 of [a-z0-9-]");
        var client = new StoredClient(request.Name, KeyOf(request.Certificate), (int)RolesOf(request), time.GetUtcNow().ToUnixTimeMilliseconds());
        if (!await store.AddClientAsync(client, cancellationToken))
            throw FederationError.Exception(FederationReason.AlreadyExists, $"a client '{request.Name}' or one with the same key exists already");
        await directory.ReloadAsync(cancellationToken);
    }

    /// <summary>Every client.</summary>
    public async Task<ListClientsResponse> ListAsync(CancellationToken cancellationToken)
    {
        var response = new ListClientsResponse();
        foreach (var client in (await store.ReadNodeAsync(cancellationToken)).Clients)
        {
            var shown = new Client
            {
                Name = client.Name,
                SpkiDigest = ByteString.CopyFrom(client.SpkiDigest.ToBytes()),
                AddedAt = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(client.AddedMs)),
            };
            shown.Roles.AddRange(new[] { ClientRoles.Reader, ClientRoles.Publisher, ClientRoles.Operator }
                .Where(r => ((ClientRoles)client.Roles).HasFlag(r)).Select(r => r.ToString().ToLowerInvariant()));
            response.Clients.Add(shown);
        }

        return response;
    }

    /// <summary>Ends a client's access at once.</summary>
    public async Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        var clients = (await store.ReadNodeAsync(cancellationToken)).Clients;
        if (clients.Any(c => c.Name == name) && !clients.Any(c => c.Name != name && ((ClientRoles)c.Roles).HasFlag(ClientRoles.Operator)))
            throw Wrong("name", "the last operator can't be removed");
        if (!await store.RemoveClientAsync(name, cancellationToken))
            throw FederationError.Exception(FederationReason.ClientNotFound, $"there is no client '{name}'");
        await directory.ReloadAsync(cancellationToken);
    }

    private static Digest KeyOf(ByteString certificate)
    {
        if (certificate.Length is 0 or > MaxCertificateBytes)
            throw Wrong("certificate", "a certificate in DER of at most 8 KiB is required");
        try
        {
            using var read = X509CertificateLoader.LoadCertificate(certificate.Span);
            return Digest.Sha256(read.PublicKey.ExportSubjectPublicKeyInfo());
        }
        catch (CryptographicException)
        {
            throw Wrong("certificate", "not a certificate in DER");
        }
    }

    private static ClientRoles RolesOf(AddClientRequest request)
    {
        var roles = ClientRoles.None;
        for (var i = 0; i < request.Roles.Count; i++)
        {
            roles |= request.Roles[i] switch
            {
                "reader" => ClientRoles.Reader,
                "publisher" => ClientRoles.Publisher,
                "operator" => ClientRoles.Operator,
                _ => throw Wrong($"roles[{i}]", "reader, publisher or operator"),
            };
        }

        return roles == ClientRoles.None ? throw Wrong("roles", "at least one of reader, publisher, operator") : roles;
    }

    private static RpcException Wrong(string field, string description) =>
        FederationError.Exception(FederationReason.FieldInvalid, $"{field}: {description}", (field, description));

    [GeneratedRegex("^[a-z0-9-]{1,64}\\z")]
    private static partial Regex Name();
}
