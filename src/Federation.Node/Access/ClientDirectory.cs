using System.Collections.Frozen;
using Federation.Node.Storage;
using Federation.Protocol.Records;

namespace Federation.Node.Access;

/// <summary>The institute's own clients in force, replaced whole after each change.</summary>
internal sealed class ClientDirectory(INodeStore store)
{
    private readonly Lock replacing = new();

    // Guarded by the lock: reloads that were asked for, and the one whose reading is in force.
    private long asked;
    private long inForce;
    private volatile FrozenDictionary<Digest, ClientCaller> byKey = FrozenDictionary<Digest, ClientCaller>.Empty;

    /// <summary>The client with this public key, or null.</summary>
    public ClientCaller? Find(Digest spkiDigest) => byKey.GetValueOrDefault(spkiDigest);

    /// <summary>Reads the clients from the store and puts them in force.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        long turn;
        lock (replacing)
            turn = ++asked;
        var snapshot = await store.ReadNodeAsync(cancellationToken);
        var read = snapshot.Clients.ToFrozenDictionary(c => c.SpkiDigest, c => new ClientCaller(c.Name, (ClientRoles)c.Roles));
        lock (replacing)
        {
            // Of two reloads at a time the one asked for later counts: an older reading may still have a client that was removed.
            if (turn < inForce)
                return;
            inForce = turn;
            byKey = read;
        }
    }
}
