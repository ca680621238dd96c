using System.Collections.Concurrent;

namespace Larkspur.Gateway.Outbox;

/// <summary>
/// Wakes those who wait for a row's end. A row may end in another process of the database, and what is heard here may be nothing but a reason to look:
/// the row itself says how it ended.
/// </summary>
internal sealed class OutboxOutcomes
{
    private readonly ConcurrentDictionary<long, List<TaskCompletionSource>> _waiting = new();

    /// <summary>The row has ended, and that is durable.</summary>
    public void Ended(long id)
    {
        if (!_waiting.TryGetValue(id, out var waiters)) return;
        lock (waiters)
        {
            foreach (var waiter in waiters) waiter.TrySetResult();
        }
    }

    /// <summary>Begins to listen; look at the row afterwards, and dispose it when nobody listens any more.</summary>
    public Watch Listen(long id) => new(this, id);

    /// <summary>One who listens for a row's end.</summary>
    internal sealed class Watch : IDisposable
    {
        private readonly OutboxOutcomes _owner;
        private readonly long _id;
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Watch(OutboxOutcomes owner, long id)
        {
            (_owner, _id) = (owner, id);
            while (true)
            {
                var waiters = owner._waiting.GetOrAdd(id, static _ => []);
                lock (waiters)
                {
                    // The last listener may just have taken the list away.
                    if (!owner._waiting.TryGetValue(id, out var current) || !ReferenceEquals(current, waiters)) continue;
                    waiters.Add(_ended);
                    return;
                }
            }
        }

        public Task Ended => _ended.Task;

        public void Dispose()
        {
            if (!_owner._waiting.TryGetValue(_id, out var waiters)) return;
            lock (waiters)
            {
                waiters.Remove(_ended);
                if (waiters.Count == 0) _owner._waiting.TryRemove(KeyValuePair.Create(_id, waiters));
            }
        }
    }
}
