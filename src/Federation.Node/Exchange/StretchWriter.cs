using Federation.Protocol.Heads;
using Federation.V1.Exchange;
using Grpc.Core;

namespace Federation.Node.Exchange;

/// <summary>Takes what a stream hands to its transport, and ends the stream once it has come to the tip or has grown long enough.</summary>
internal sealed class StretchWriter(Func<FollowResponse, Task> write, long maxBytes, CancellationTokenSource stream) : IServerStreamWriter<FollowResponse>
{
    private long written;

    /// <summary>Whether the stretch ends whole: at the tip, or at its bound.</summary>
    public bool Whole { get; private set; }

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(FollowResponse message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(FollowResponse message, CancellationToken cancellationToken)
    {
        await write(message);
        written += message.CalculateSize();
        if (written < maxBytes && !(Head.TryDecode(message.Head.Payload.Span, out var head, out _) && head.Tip))
            return;
        Whole = true;
        await stream.CancelAsync();
    }
}
