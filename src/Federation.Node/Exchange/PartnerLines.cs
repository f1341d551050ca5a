using System.Collections.Concurrent;
using Federation.Node.Partners;
using Grpc.Core;

namespace Federation.Node.Exchange;

/// <summary>
/// The connections on which followers are at work, for calls beside theirs: asking for another connection would end the first. A partner that is not
/// followed has none, and is called anew.
/// </summary>
internal sealed class PartnerLines(PartnerConnector connect)
{
    private readonly ConcurrentDictionary<int, CallInvoker> lines = new();

    /// <summary>Opens a follower's connection.</summary>
    public CallInvoker Open(Partner partner) => lines[partner.Number] = connect(partner);

    /// <summary>Forgets a follower's connection; a newer one stays.</summary>
    public void Close(Partner partner, CallInvoker line) => lines.TryRemove(KeyValuePair.Create(partner.Number, line));

    /// <summary>A way to call the partner beside its follower; null while that has no connection.</summary>
    public CallInvoker? Find(Partner partner) => lines.TryGetValue(partner.Number, out var line) ? line : partner.Follow ? null : connect(partner);
}
