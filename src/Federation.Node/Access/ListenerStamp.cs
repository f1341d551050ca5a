using Federation.Protocol.Records;

namespace Federation.Node.Access;

/// <summary>Put on each connection when it is accepted. Routing reads it, and never the host name, which is what the caller says it is.</summary>
internal sealed class ListenerStamp(Listener listener)
{
    /// <summary>The listener.</summary>
    public Listener Listener { get; } = listener;

    /// <summary>The digest of the public key that the caller proved to hold; set by the first call of the connection.</summary>
    public Digest? SpkiDigest { get; set; }
}
