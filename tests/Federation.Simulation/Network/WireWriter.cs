using System.Buffers;
using Grpc.Core;

namespace Federation.Simulation.Network;

/// <summary>Receives what a method's own marshaller writes, so that messages really become bytes.</summary>
internal sealed class WireWriter : SerializationContext
{
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private byte[]? _payload;

    public static byte[] Serialize<T>(Marshaller<T> marshaller, T message)
    {
        var writer = new WireWriter();
        marshaller.ContextualSerializer(message, writer);
        return writer._payload ?? throw new InvalidOperationException("The marshaller completed no payload.");
    }

    public override void Complete(byte[] payload) => _payload = payload;

    public override IBufferWriter<byte> GetBufferWriter() => _buffer;

    public override void SetPayloadLength(int payloadLength)
    {
    }

    public override void Complete() => _payload = _buffer.WrittenSpan.ToArray();
}
