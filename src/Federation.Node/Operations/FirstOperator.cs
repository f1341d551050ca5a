using System.Security.Cryptography.X509Certificates;
using Federation.Node.Access;
using Federation.Node.Partners;
using Federation.Node.Storage;
using Federation.Protocol.Records;

namespace Federation.Node.Operations;

/// <summary>Admits the first operator of a new node: without one nobody could admit anybody.</summary>
internal static class FirstOperator
{
    private const string Name = "operator";

    /// <summary>Admits the client of the certificate file if the store has no operator.</summary>
    public static async Task AdmitAsync(INodeStore store, string certificateFile, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var clients = (await store.ReadNodeAsync(cancellationToken)).Clients;
        if (clients.Any(c => ((ClientRoles)c.Roles).HasFlag(ClientRoles.Operator)) || !File.Exists(certificateFile))
            return;
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(certificateFile);
        const ClientRoles roles = ClientRoles.Reader | ClientRoles.Publisher | ClientRoles.Operator;
        var client = new StoredClient(Name, Digest.Sha256(PeerCertificate.SpkiOf(certificate)), (int)roles, time.GetUtcNow().ToUnixTimeMilliseconds());
        if (await store.AddClientAsync(client, cancellationToken))
            NodeLog.FirstOperator(logger, Name);
    }
}
