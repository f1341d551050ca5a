namespace Federation.Simulation.Scenarios.Probe;

/// <summary>A node's own log in one life: writers take turns, readers wait for the next entry.</summary>
internal sealed class ProbeLog(ProbeDisk disk) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Count => disk.Own.Count;

    public async Task AppendAsync(byte[] content, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await Task.Yield();
            disk.Own.Add(content);
            await Task.Yield();
            var grown = _grown;
            _grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            grown.SetResult();
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<byte[]> ReadAsync(int position, CancellationToken cancellationToken)
    {
        while (position >= disk.Own.Count)
            await _grown.Task.WaitAsync(cancellationToken);
        return disk.Own[position];
    }

    public void Dispose() => _turn.Dispose();
}
