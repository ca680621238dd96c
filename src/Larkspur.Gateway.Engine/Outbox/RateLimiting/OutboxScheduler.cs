using Larkspur.Gateway.Queueing;

namespace Larkspur.Gateway.Outbox;

/// <summary>
/// Of the lanes that are ready, under each budget: the most urgent class first, then the oldest. As many are begun as may stand at the queue; there the permit
/// decides. Calls run at once up to a bound, so that slow answers cost no rate.
/// </summary>
internal sealed class OutboxScheduler(PermitQueues queues, ISendPolicy policy, TimeProvider clock) : ILaneScheduler<OutboxEntry>
{
    /// <summary>How long a change of the policy may go unnoticed.</summary>
    private static readonly TimeSpan AskPolicy = TimeSpan.FromSeconds(1);

    private static readonly Comparer<Place> ByRankAndAge = Comparer<Place>.Create(static (a, b) =>
        a.Head.Rank != b.Head.Rank ? a.Head.Rank.CompareTo(b.Head.Rank) : a.Head.Id.CompareTo(b.Head.Id));

    private readonly Lock _gate = new();
    private readonly Dictionary<PermitQueue, SortedSet<Place>[]> _ready = [];
    private readonly HashSet<Task> _running = [];
    private TaskCompletionSource _changed = New();

    public void Offer(Lane<OutboxEntry> lane)
    {
        lock (_gate)
        {
            var head = lane.Head!;
            if (lane.Place is Place before)
            {
                if (before.Head == head) return;
                Remove(before);
            }

            var queue = queues.For(head);
            if (!_ready.TryGetValue(queue, out var classes))
                _ready.Add(queue, classes = [.. Enum.GetValues<OutboxPriority>().Select(static _ => new SortedSet<Place>(ByRankAndAge))]);
            var place = new Place(lane, head, queue);
            lane.Place = place;
            classes[head.Rank].Add(place);
            Changed();
        }
    }

    public void Withdraw(Lane<OutboxEntry> lane)
    {
        lock (_gate)
        {
            if (lane.Place is Place place) Remove(place);
        }
    }

    public bool IsStuck(Lane<OutboxEntry> lane) => lane.Head is { } head && MustWait(head);

    public void Begins(OutboxEntry entry) => queues.Enter(entry);

    public void Ended(OutboxEntry entry)
    {
        queues.Leave(entry);
        Changed();
    }

    public void Recall(OutboxEntry running) => queues.At(running)?.Recall(running);

    /// <summary>A message has its permit: another one may stand ready.</summary>
    public void PermitAcquired() => Changed();

    public async Task RunAsync(Func<Lane<OutboxEntry>, Task> workOn, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var changed = Volatile.Read(ref _changed).Task;
            while (!stopping.IsCancellationRequested && Best() is { } lane) Start(workOn(lane));
            // The time-out is for what changes without a word: the policy.
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            await Task.WhenAny(changed, Task.Delay(AskPolicy, clock, end.Token));
            await end.CancelAsync();
        }

        queues.RecallAll();
        Task[] running;
        lock (_gate) running = [.. _running];
        await Task.WhenAll(running);
    }

    private Lane<OutboxEntry>? Best()
    {
        lock (_gate)
        {
            foreach (var (queue, classes) in _ready)
            {
                foreach (var ready in classes)
                {
                    if (ready.Min is not { } place || !queue.HasRoom(place.Head.Rank)) continue;
                    if (MustWait(place.Head)) continue;
                    Remove(place);
                    return place.Lane;
                }
            }

            return null;
        }
    }

    private bool MustWait(OutboxEntry entry) => policy.Decide(entry.Platform, entry.App, entry.Message.Priority) switch
    {
        SendDecision.Wait => true,
        SendDecision.Drop => entry.Message.Priority != OutboxPriority.Frame,
        _ => false,
    };

    private void Start(Task work)
    {
        if (work.IsCompleted) return;
        lock (_gate) _running.Add(work);
        _ = work.ContinueWith(done =>
        {
            lock (_gate) _running.Remove(done);
        }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Remove(Place place)
    {
        _ready[place.Queue][place.Head.Rank].Remove(place);
        place.Lane.Place = null;
    }

    private void Changed() => Interlocked.Exchange(ref _changed, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record Place(Lane<OutboxEntry> Lane, OutboxEntry Head, PermitQueue Queue);
}
