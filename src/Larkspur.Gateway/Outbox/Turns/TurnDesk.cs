using Larkspur.Gateway.Channels;

namespace Larkspur.Gateway.Outbox;

/// <summary>
/// Where messages under one budget wait for their turn. A turn is asked for when somebody waits, and given when it comes to whoever is the most urgent
/// then: what arrives last may leave first. A few messages only stand here, ready to go; the others wait in their lanes.
/// </summary>
/// <remarks>
/// What can wait is spread evenly over the budget's windows, a minute's too: a turn then comes up every few hundredths of a second, and an answer takes the
/// next one, instead of finding the minute used up by notices. Answers keep the right to a burst.
/// </remarks>
internal sealed class TurnDesk(IChannel channel, int most, TimeProvider clock, Random random, ILogger logger)
{
    /// <summary>Messages that stand ready: as many as may leave while one is recorded as begun, which is taken to last up to a twelfth of a second.</summary>
    private const int LeastAhead = 4;
    private const int MostAhead = 32;

    /// <summary>How far what is late may catch up, and how long a turn is good that came for somebody who had left.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Ticket> _tickets = [];
    private readonly SortedSet<Ticket> _waiting = new(Comparer<Ticket>.Create(static (a, b) =>
        a.Entry.Rank != b.Entry.Rank ? a.Entry.Rank.CompareTo(b.Entry.Rank) : a.Entry.Id.CompareTo(b.Entry.Id)));
    private readonly KeyHealth _health = new(clock, random);
    private TaskCompletionSource _changed = New();
    private CancellationTokenSource? _asking;
    private bool _serving;
    private int _ahead = LeastAhead;
    private int _calling;
    private long _evenAt = long.MinValue;
    private long _spareUntil = long.MinValue;

    /// <summary>A message of this class may come to stand here. The less urgent ones do not count.</summary>
    public bool HasRoom(int rank)
    {
        lock (_gate)
        {
            var standing = 0;
            foreach (var ticket in _tickets.Values)
            {
                if (!ticket.HasTurn && ticket.Entry.Rank <= rank) standing++;
            }

            // Half as many again for answers: calls that hang must not keep them in.
            return standing < _ahead && _tickets.Count < (rank == 0 ? most + most / 2 + 1 : most);
        }
    }

    public void Enter(OutboxEntry entry)
    {
        lock (_gate) _tickets[entry.Id] = new Ticket(entry);
    }

    /// <summary>Waits for the turn of a message that has entered.</summary>
    /// <returns>False: it was called back, and must not be sent now.</returns>
    public Task<bool> TakeAsync(OutboxEntry entry)
    {
        lock (_gate)
        {
            if (!_tickets.TryGetValue(entry.Id, out var ticket) || ticket.IsRecalled) return Task.FromResult(false);
            _waiting.Add(ticket);
            if (_waiting.Min == ticket) Changed();
            if (!_serving)
            {
                _serving = true;
                _ = Task.Run(ServeAsync);
            }

            return ticket.Turn.Task;
        }
    }

    /// <summary>It comes back if it has no turn yet.</summary>
    public void Recall(OutboxEntry entry)
    {
        lock (_gate)
        {
            if (!_tickets.TryGetValue(entry.Id, out var ticket) || ticket.HasTurn) return;
            ticket.IsRecalled = true;
            _waiting.Remove(ticket);
            if (_waiting.Count == 0) _asking?.Cancel();
            Changed();
            ticket.Turn.TrySetResult(false);
        }
    }

    public void RecallAll()
    {
        OutboxEntry[] entries;
        lock (_gate) entries = [.. _tickets.Values.Where(static t => !t.HasTurn).Select(static t => t.Entry)];
        foreach (var entry in entries) Recall(entry);
    }

    /// <summary>What the platform made of it: true when it serves the key, false when it does not, null when that is not known.</summary>
    public void Tell(OutboxEntry entry, bool? serves)
    {
        lock (_gate)
        {
            if (serves is null || !_tickets.TryGetValue(entry.Id, out var ticket)) return;
            if (serves.Value) _health.Succeeded();
            else _health.Failed(ticket.StartedAt);
        }
    }

    public void Leave(OutboxEntry entry)
    {
        lock (_gate)
        {
            if (!_tickets.Remove(entry.Id, out var ticket)) return;
            if (ticket.HasTurn) _calling--;
            else _waiting.Remove(ticket);
            if (_waiting.Count == 0) _asking?.Cancel();
            Changed();
        }
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            ChannelPace? pace;
            Task changed;
            TimeSpan wait;
            CancellationTokenSource? asking = null;
            lock (_gate)
            {
                if (_waiting.Min is not { } best)
                {
                    _serving = false;
                    return;
                }

                pace = channel.PaceOf(best.Entry);
                wait = TimeFor(best);
                changed = _changed.Task;
                if (wait <= TimeSpan.Zero)
                {
                    if (pace is null || _spareUntil >= clock.GetTimestamp())
                    {
                        Give(best, pace);
                        continue;
                    }

                    _asking = asking = new CancellationTokenSource();
                }
            }

            if (asking is null) await EitherAsync(changed, wait);
            else await AskAsync(pace!.Value, asking);
        }
    }

    private async Task AskAsync(ChannelPace pace, CancellationTokenSource asking)
    {
        var got = false;
        try
        {
            await pace.Shaper.WaitAsync(pace.Key, pace.Limit, asking.Token);
            got = true;
        }
        catch (OperationCanceledException) when (asking.IsCancellationRequested)
        {
            // Nobody waits any more.
        }
        catch (Exception e)
        {
            logger.LogWarning(e, "There is no turn to be had for {Key}; asking again in {Pause}", pace.Key, AskAgain);
            await Task.Delay(AskAgain, clock);
        }

        lock (_gate)
        {
            _asking = null;
            asking.Dispose();
            if (!got) return;
            if (_waiting.Min is { } best && TimeForHealth() <= TimeSpan.Zero) Give(best, pace);
            else _spareUntil = clock.GetTimestamp() + Ticks(Slack);
        }
    }

    private void Give(Ticket ticket, ChannelPace? pace)
    {
        var now = clock.GetTimestamp();
        _spareUntil = long.MinValue;
        _ahead = pace?.Limit.PerSecond is { } perSecond ? Math.Clamp(perSecond / 12, LeastAhead, MostAhead) : MostAhead;
        if (pace is { } paced) _evenAt = Math.Max(_evenAt, now - Ticks(Slack)) + Ticks(Spacing(paced.Limit));
        _waiting.Remove(ticket);
        ticket.HasTurn = true;
        ticket.StartedAt = now;
        _calling++;
        ticket.Turn.TrySetResult(true);
    }

    private TimeSpan TimeFor(Ticket best)
    {
        var health = TimeForHealth();
        if (best.Entry.Rank == 0 || _evenAt == long.MinValue) return health;
        var even = TimeSpan.FromSeconds((_evenAt - clock.GetTimestamp()) / (double)clock.TimestampFrequency);
        return even > health ? even : health;
    }

    private TimeSpan TimeForHealth() => _health.IsProbing && _calling > 0 ? AskAgain : _health.OpensIn;

    /// <summary>Even distance at the full rate; the shaper's windows are 2 % longer than the platform's.</summary>
    private static TimeSpan Spacing(RateLimit limit) => TimeSpan.FromSeconds(Math.Max(
        limit.PerSecond is { } perSecond ? 1.02 / perSecond : 0,
        limit.PerMinute is { } perMinute ? 61.2 / perMinute : 0));

    private async Task EitherAsync(Task changed, TimeSpan wait)
    {
        using var end = new CancellationTokenSource();
        await Task.WhenAny(changed, Task.Delay(wait, clock, end.Token));
        await end.CancelAsync();
    }

    private void Changed()
    {
        var changed = _changed;
        _changed = New();
        changed.TrySetResult();
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * clock.TimestampFrequency);

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Ticket(OutboxEntry entry)
    {
        public OutboxEntry Entry { get; } = entry;

        public TaskCompletionSource<bool> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool HasTurn { get; set; }

        public bool IsRecalled { get; set; }

        public long StartedAt { get; set; }
    }
}
