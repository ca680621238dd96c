namespace Larkspur.WeCom.AiBots;

/// <summary>Lets the frames of one request go one at a time, first come first served; at most 500 wait.</summary>
internal sealed class RequestOrder
{
    private const int MaxWaiting = 500;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public async Task<IDisposable> EnterAsync(string key, CancellationToken cancellationToken)
    {
        Entry entry;
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out entry!)) _entries[key] = entry = new Entry();
            if (entry.Users >= MaxWaiting) throw new InvalidOperationException($"{MaxWaiting} frames of one request wait already.");
            entry.Users++;
        }

        try
        {
            await entry.Gate.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(key, entry, entered: false);
            throw;
        }

        return new Exit(() => Leave(key, entry, entered: true));
    }

    private void Leave(string key, Entry entry, bool entered)
    {
        if (entered) entry.Gate.Release();
        lock (_gate)
        {
            if (--entry.Users == 0) _entries.Remove(key);
        }
    }

    private sealed class Entry
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public int Users { get; set; }
    }

    private sealed class Exit(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}
