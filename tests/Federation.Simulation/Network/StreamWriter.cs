using Grpc.Core;

namespace Federation.Simulation.Network;

/// <summary>
/// The server's end of a stream: it runs ahead of the reader by a window, as flow control lets it. The token of a write, once
/// cancelled, resets the whole call.
/// </summary>
internal sealed class StreamWriter<T>(Marshaller<T> marshaller, NetworkOptions options, Action<byte[]> deliver, Action reset) : IServerStreamWriter<T>
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
        {
            reset();
            return Task.FromException(new OperationCanceledException(cancellationToken));
        }

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
            Take()?.TrySetResult();
    }

    /// <summary>The call is gone: a waiting write fails now, any later one when it is tried.</summary>
    public void Cancel() => Take()?.TrySetException(new OperationCanceledException("The call was cancelled while a write waited."));

    public void Complete() => _completed = true;

    private TaskCompletionSource? Take()
    {
        var pending = _pending;
        _pending = null;
        return pending;
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        var pending = _pending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.UnsafeRegister(static reset => ((Action)reset!)(), reset);
        await pending.Task;
    }
}
