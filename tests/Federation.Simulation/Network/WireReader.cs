using System.Buffers;
using Grpc.Core;

namespace Federation.Simulation.Network;

/// <summary>Gives a received payload to a method's own marshaller.</summary>
internal sealed class WireReader(byte[] payload) : DeserializationContext
{
    public override int PayloadLength => payload.Length;

    public static T Deserialize<T>(Marshaller<T> marshaller, byte[] payload) => marshaller.ContextualDeserializer(new WireReader(payload));

    public override byte[] PayloadAsNewBuffer() => payload.AsSpan().ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(payload);
}
