namespace Larkspur.Feishu.AspNetCore;

/// <summary>The deliveries that are being handled, and the ids of the last that were: each is handled once, however often it
/// arrives.</summary>
/// <param name="mostAtOnce">How many may be handled at the same time.</param>
/// <param name="remembered">How many ids are kept of those that were.</param>
internal sealed class RecentDeliveries(int mostAtOnce, int remembered)
{
    private static readonly byte[] Acknowledged = "{}"u8.ToArray();

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<byte[]?>> _running = new(StringComparer.Ordinal);
    private readonly HashSet<string> _handled = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldestFirst = new();

    /// <summary>Handles a delivery, or joins the one of this id that is being handled.</summary>
    /// <param name="id">What its repetitions share.</param>
    /// <param name="handle">Ends with the answer, or null: it failed, and the next arrival is to be handled. Never throws.</param>
    /// <returns>What <paramref name="handle"/> ended with, <c>{}</c> for one that was handled before; null instead of a task: too many are
    /// being handled.</returns>
    public Task<byte[]?>? HandleOnce(string id, Func<Task<byte[]?>> handle)
    {
        lock (_gate)
        {
            if (_handled.Contains(id)) return Task.FromResult<byte[]?>(Acknowledged);
            if (_running.TryGetValue(id, out Task<byte[]?>? running)) return running;
            if (_running.Count == mostAtOnce) return null;
            // A thread of its own: a handler that works without awaiting must not keep the answer waiting.
            return _running[id] = Task.Run(() => RunAsync(id, handle));
        }
    }

    private async Task<byte[]?> RunAsync(string id, Func<Task<byte[]?>> handle)
    {
        byte[]? answer = await handle();
        lock (_gate)
        {
            _running.Remove(id);
            if (answer is null) return null;
            _handled.Add(id);
            _oldestFirst.Enqueue(id);
            if (_oldestFirst.Count > remembered) _handled.Remove(_oldestFirst.Dequeue());
        }

        return answer;
    }
}
