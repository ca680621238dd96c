using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.Feishu.Events;

/// <summary>Delivers events the way their app subscribed and tries again on failure.</summary>
/// <remarks>
/// HTTP 200, or the code 200 in the answering frame, within 3 s acknowledges; anything else is retried after 15 s, 5 min, 1 h and 6 h of virtual time under the same event id.
/// First attempts of one lane (a chat) keep their order; retries do not hold up what comes later, nor does a second event about the same thing.
/// Only approvals are stricter: there an event waits for the one before it.
/// </remarks>
public sealed partial class EventPusher(EmulatorState state, PushRoutes routes, FaultRules faults, ILogger<EventPusher> log) : IDisposable, IResettableState
{
    public static readonly TimeSpan[] RetryAfter = [TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(5), TimeSpan.FromHours(1), TimeSpan.FromHours(6)];
    public const int MostPending = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task> _lanes = [];
    private readonly HashSet<ITimer> _timers = [];
    private CancellationTokenSource _life = new();
    private readonly Dictionary<string, PendingEvent> _held = [];
    private int _pending;
    private int _behind;

    /// <summary>Deliveries on their way or waiting for a retry.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Of these, the ones that wait for the time of their next attempt; the others are on their way.</summary>
    public int Waiting
    {
        get { lock (_gate) return _timers.Count; }
    }

    /// <summary>Of these, the ones that wait, in a lane that keeps its order, until the one before them is acknowledged or given up.</summary>
    public int Behind => Volatile.Read(ref _behind);

    /// <param name="lane">First attempts of one lane go out one after the other.</param>
    /// <param name="inOrder">The next of the lane waits until this one is acknowledged or given up, retries and all.</param>
    public string? Publish(BotApp app, string type, JsonObject body, string lane, bool legacySchema = false, bool inOrder = false)
    {
        if (routes.Of(app, PushKind.Event) == PushRoute.None || !app.Hears(type)) return null;
        if (Pending >= MostPending)
        {
            LogFull(log, type);
            return null;
        }

        var id = state.Ids.Next("");
        var now = state.Clock.GetUtcNow();
        var item = new PendingEvent(app.AppId, type, id, Plain(id), lane, inOrder ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null);
        var fault = faults.ForEvent(type);
        PendingEvent? overtaken;
        lock (_gate)
        {
            if (!_held.Remove(lane, out overtaken) && fault is { Kind: FaultKind.Reorder })
            {
                _held.Add(lane, item);
                return id;
            }
        }

        Start(item);
        if (fault is { Kind: FaultKind.Duplicate, NewId: false }) Start(item);
        if (fault is { Kind: FaultKind.Duplicate, NewId: true })
        {
            var second = state.Ids.Next("");
            Start(item with { EventId = second, Plain = Plain(second), Lane = lane + "/again" });
        }

        if (overtaken is not null) Start(overtaken);
        return id;

        string Plain(string eventId) =>
            CanonicalJson.Write(legacySchema ? EventEnvelope.V1(app, eventId, type, body, now) : EventEnvelope.V2(app, eventId, type, body, now));
    }

    /// <summary>Forgets all that is on its way.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _life.Cancel();
            _life = new CancellationTokenSource();
            foreach (var timer in _timers) timer.Dispose();
            _timers.Clear();
            _lanes.Clear();
            _held.Clear();
            Volatile.Write(ref _pending, 0);
        }
    }

    public void Dispose()
    {
        Reset();
        _life.Dispose();
    }

    private void Start(PendingEvent item)
    {
        lock (_gate)
        {
            _pending++;
            var life = _life.Token;
            var before = _lanes.GetValueOrDefault(item.Lane, Task.CompletedTask);
            var isBehind = item.Ended is not null && !before.IsCompleted;
            if (isBehind) Interlocked.Increment(ref _behind);
            var mine = Task.Run(async () =>
            {
                await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (isBehind) Interlocked.Decrement(ref _behind);
                await AttemptAsync(item, 1, life);
                if (item.Ended is { } ended) await ended.Task.WaitAsync(life).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            });
            _lanes[item.Lane] = mine;
            _ = mine.ContinueWith(_ =>
            {
                lock (_gate)
                {
                    if (_lanes.GetValueOrDefault(item.Lane) == mine) _lanes.Remove(item.Lane);
                }
            }, TaskScheduler.Default);
        }
    }

    private async Task AttemptAsync(PendingEvent item, int attempt, CancellationToken life)
    {
        try
        {
            if (life.IsCancellationRequested) return;
            if (state.App(item.AppId) is not { } app || routes.Of(app, PushKind.Event) is var route && route == PushRoute.None)
            {
                Finish(item, life);
                return;
            }

            var began = state.Inspector.NextNumber();
            var delivery = await routes.SendAsync(app, PushKind.Event, route, item.Plain, life);
            var result = delivery.Result;
            var retry = !result.Acknowledged && attempt <= RetryAfter.Length ? RetryAfter[attempt - 1] : (TimeSpan?)null;
            var next = retry is { } wait ? state.Clock.GetUtcNow() + wait : (DateTimeOffset?)null;
            if (life.IsCancellationRequested) return;
            // The timer stands before the attempt shows in the inspector: who sees the attempt may advance the clock at once.
            if (retry is { } delay) Wait(delay, () => AttemptAsync(item, attempt + 1, life), life);
            else Finish(item, life);
            state.Inspector.Add(PushRecords.Make(state, app, item.Type, item.EventId, attempt, delivery, Verdict(result, attempt), next) with { Began = began });
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // The state was reset: nobody waits for this event any more.
        }
        catch (Exception defect) when (defect is not OperationCanceledException)
        {
            LogDefect(log, defect, item.Type);
            Finish(item, life);
        }
    }

    private void Wait(TimeSpan delay, Func<Task> then, CancellationToken life)
    {
        lock (_gate)
        {
            if (life.IsCancellationRequested) return;
            ITimer? timer = null;
            timer = state.Clock.CreateTimer(_ =>
            {
                lock (_gate)
                {
                    if (timer is null || !_timers.Remove(timer)) return;
                }

                timer.Dispose();
                _ = Task.Run(then, CancellationToken.None);
            }, null, delay, Timeout.InfiniteTimeSpan);
            _timers.Add(timer);
        }
    }

    private void Finish(PendingEvent item, CancellationToken life)
    {
        item.Ended?.TrySetResult();
        lock (_gate)
        {
            if (!life.IsCancellationRequested) _pending--;
        }
    }

    private static string Verdict(DeliveryResult result, int attempt) =>
        result.Acknowledged ? "acknowledged"
        : (result.Failure switch
        {
            DeliveryFailure.Timeout => "no answer within 3 s",
            DeliveryFailure.Connect => "no connection",
            DeliveryFailure.Dns => "unknown host",
            DeliveryFailure.NoUrl => "not an http address",
            DeliveryFailure.Broken or DeliveryFailure.BadAnswer => "broken answer",
            DeliveryFailure.Offline => "no client is connected",
            DeliveryFailure.Lost => "connection lost before the answer",
            _ => $"answered {result.Status}, not 200",
        }) + (attempt <= RetryAfter.Length ? $"; retry {attempt} of {RetryAfter.Length} follows" : "; given up");

    [LoggerMessage(EventId = 10, Level = LogLevel.Warning, Message = "Too many undelivered events; {Type} is not pushed")]
    private static partial void LogFull(ILogger logger, string type);

    [LoggerMessage(EventId = 11, Level = LogLevel.Error, Message = "Pushing {Type} failed inside the emulator")]
    private static partial void LogDefect(ILogger logger, Exception defect, string type);

    private sealed record PendingEvent(string AppId, string Type, string EventId, string Plain, string Lane, TaskCompletionSource? Ended = null);
}
