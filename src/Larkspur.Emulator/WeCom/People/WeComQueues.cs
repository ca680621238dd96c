using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.WeCom.People;

/// <summary>Carries what people do, in order within a chat, beside each other across chats.</summary>
internal sealed class WeComQueues(FaultRules faults, ILogger<WeComQueues> log) : IResettableState
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task> _last = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Func<Task>> _heldBack = new(StringComparer.Ordinal);

    /// <summary>Queues a delivery behind those of its chat. A planned fault can double it or send it after the next one.</summary>
    /// <param name="chat">Its order.</param>
    /// <param name="type">What faults match: the message's or event's type.</param>
    /// <param name="send">Delivers it; <see langword="true"/>: under an id of its own.</param>
    /// <returns>The end of it.</returns>
    public Task Enqueue(string chat, string type, Func<bool, Task> send)
    {
        var fault = faults.ForEvent(type);
        lock (_gate)
        {
            if (fault is { Kind: FaultKind.Reorder } && _heldBack.TryAdd(chat, () => send(false))) return Task.CompletedTask;
            var before = _last.GetValueOrDefault(chat, Task.CompletedTask);
            _heldBack.Remove(chat, out var held);
            var mine = RunAsync(before, send, fault, held);
            _last[chat] = mine;
            _ = mine.ContinueWith(done => Forget(chat, done), TaskScheduler.Default);
            return mine;
        }
    }

    public void Reset()
    {
        lock (_gate) _heldBack.Clear();
    }

    private async Task RunAsync(Task before, Func<bool, Task> send, FaultRule? fault, Func<Task>? held)
    {
        await Task.Yield();
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            if (fault is { Kind: FaultKind.Duplicate, NewId: true }) await Task.WhenAll(send(false), send(true));
            else await send(false);
            if (fault is { Kind: FaultKind.Duplicate, NewId: false }) await send(false);
            if (held is not null) await held();
        }
        catch (Exception defect) when (defect is not OperationCanceledException)
        {
            WeComLog.DeliveryFailed(log, defect);
            throw;
        }
    }

    private void Forget(string chat, Task done)
    {
        lock (_gate)
        {
            if (_last.GetValueOrDefault(chat) == done) _last.Remove(chat);
        }
    }
}

internal static partial class WeComLog
{
    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "The emulated WeCom could not deliver an event")]
    public static partial void DeliveryFailed(ILogger logger, Exception defect);
}
