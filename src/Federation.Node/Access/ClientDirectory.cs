using System.Collections.Frozen;
using Federation.Node.Storage;
using Federation.Protocol.Records;

namespace Federation.Node.Access;

/// <summary>The institute's own clients in force, replaced whole after each change.</summary>
internal sealed class ClientDirectory(INodeStore store)
{
    private volatile FrozenDictionary<Digest, ClientCaller> byKey = FrozenDictionary<Digest, ClientCaller>.Empty;

    /// <summary>The client with this public key, or null.</summary>
    public ClientCaller? Find(Digest spkiDigest) => byKey.GetValueOrDefault(spkiDigest);

    /// <summary>Reads the clients from the store and puts them in force.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        var snapshot = await store.ReadNodeAsync(cancellationToken);
        byKey = snapshot.Clients.ToFrozenDictionary(c => c.SpkiDigest, c => new ClientCaller(c.Name, (ClientRoles)c.Roles));
    }
}
