using Grpc.Core;

namespace Federation.Simulation.Network;

/// <summary>Sees calls and what reaches their callers: bytes as they are on the wire, also those that nobody reads any more.</summary>
internal abstract class WireTap
{
    public abstract void Opened(SimCall call, byte[] request);

    public abstract void Headers(SimCall call, Metadata headers);

    public abstract void Message(SimCall call, byte[] payload);

    /// <summary>The server's end has arrived.</summary>
    public abstract void Ended(SimCall call, Status status, Metadata trailers);

    /// <summary>The caller knows the outcome, whoever brought it about.</summary>
    public abstract void Finished(SimCall call, Status status, Metadata? trailers);
}
