namespace Larkspur.Gateway.Storage.Sqlite;

/// <summary>Transactions that wait for the writer's thread. Waiting sleeps at once: a spinning thread would take the processor from those that bring work.</summary>
internal sealed class WriteQueue(int capacity)
{
    private readonly object _gate = new();
    private readonly Queue<WriteJob> _jobs = new();
    private bool _closed;

    /// <returns>False when it is full or closed.</returns>
    public bool TryAdd(WriteJob job)
    {
        lock (_gate)
        {
            if (_closed || _jobs.Count >= capacity) return false;
            _jobs.Enqueue(job);
            if (_jobs.Count == 1) Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Waits for jobs and takes up to <paramref name="most"/> of them.</summary>
    /// <returns>False when it is closed and empty.</returns>
    public bool Take(List<WriteJob> batch, int most)
    {
        lock (_gate)
        {
            while (_jobs.Count == 0)
            {
                if (_closed) return false;
                Monitor.Wait(_gate);
            }

            while (batch.Count < most && _jobs.TryDequeue(out var job)) batch.Add(job);
            return true;
        }
    }

    /// <summary>Takes no more; what waits is still done.</summary>
    /// <returns>False when it was closed before.</returns>
    public bool TryClose()
    {
        lock (_gate)
        {
            if (_closed) return false;
            _closed = true;
            Monitor.Pulse(_gate);
            return true;
        }
    }
}
