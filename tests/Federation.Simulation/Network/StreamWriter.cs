using Grpc.Core;

namespace Federation.Simulation.Network;

/// <summary>The server's end of a stream: it runs ahead of the reader by a window, as flow control lets it.</summary>
internal sealed class StreamWriter<T>(Marshaller<T> marshaller, NetworkOptions options, Action<byte[]> deliver) : IServerStreamWriter<T>
    where T : class
{
    private SimServerCallContext? _context;
    private TaskCompletionSource? _pending;
    private bool _completed;
    private int _messages;
    private int _bytes;

    public WriteOptions? WriteOptions { get; set; }

    private bool Full => _messages > options.WindowMessages || _bytes > options.WindowBytes;

    public void Open(SimServerCallContext context) => _context = context;

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        if (message is null)
            return Task.FromException(new ArgumentNullException(nameof(message)));
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);
        if (_completed || _context!.CancellationToken.IsCancellationRequested)
            return Task.FromException(new InvalidOperationException("Can't write the message because the request is complete."));
        if (_pending is not null)
            return Task.FromException(new InvalidOperationException("Can't write the message because the previous write is in progress."));
        var payload = WireWriter.Serialize(marshaller, message);
        _context.Started = true;
        _messages++;
        _bytes += payload.Length;
        deliver(payload);
        return Full ? WaitAsync(cancellationToken) : Task.CompletedTask;
    }

    /// <summary>The reader has taken a message.</summary>
    public void Credit(int size)
    {
        _messages--;
        _bytes -= size;
        if (!Full)
            Release();
    }

    /// <summary>Lets a waiting write go; a cancelled call lets it go without an error, and the next write fails.</summary>
    public void Release()
    {
        var pending = _pending;
        _pending = null;
        pending?.TrySetResult();
    }

    public void Complete() => _completed = true;

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        var pending = _pending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = cancellationToken.UnsafeRegister(
            static (source, token) => ((TaskCompletionSource)source!).TrySetCanceled(token),
            pending);
        await pending.Task;
    }
}
