using System.Collections.Concurrent;

namespace Larkspur.Gateway.Outbox;

/// <summary>A permit queue for each budget; what has none waits in its platform's own, where a permit comes at once.</summary>
internal sealed class PermitQueues(IReadOnlyDictionary<string, IChannel> channels, int most, TimeProvider clock, Random random, ILogger logger)
{
    private readonly ConcurrentDictionary<string, PermitQueue> _queues = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<long, PermitQueue> _entered = new();

    /// <summary>The queue in which a message would wait now. A budget's key may change at any time (an app's tenant becomes known, limits are
    /// read anew): whoever has entered is asked for by <see cref="At"/>.</summary>
    public PermitQueue For(OutboxEntry entry)
    {
        var channel = channels.GetValueOrDefault(entry.Platform) ?? NoChannel.Instance;
        var key = channel.PaceOf(entry)?.Key ?? $"{entry.Platform} {entry.App}";
        return _queues.GetOrAdd(key, _ => new PermitQueue(channel, most, clock, random, logger));
    }

    /// <summary>A message enters its queue, and stays there until it leaves.</summary>
    public void Enter(OutboxEntry entry)
    {
        var queue = For(entry);
        _entered[entry.Id] = queue;
        queue.Enter(entry);
    }

    /// <summary>The queue that a message has entered; null: it has not entered.</summary>
    public PermitQueue? At(OutboxEntry entry) => _entered.GetValueOrDefault(entry.Id);

    /// <summary>It leaves the queue that it entered.</summary>
    public void Leave(OutboxEntry entry)
    {
        if (_entered.TryRemove(entry.Id, out var queue)) queue.Leave(entry);
    }

    /// <summary>Messages without a permit at all queues, and those that have theirs and have not left.</summary>
    public (int Waiting, int Calling) Count
    {
        get
        {
            var counts = _queues.Values.Select(static queue => queue.Count).ToArray();
            return (counts.Sum(static c => c.Waiting), counts.Sum(static c => c.Calling));
        }
    }

    public void RecallAll()
    {
        foreach (var queue in _queues.Values) queue.RecallAll();
    }
}
