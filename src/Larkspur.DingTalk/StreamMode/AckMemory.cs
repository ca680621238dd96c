namespace Larkspur.DingTalk.StreamMode;

/// <summary>
/// Answers that were given, and those that are being made: a repetition gets the same one, and its handler does not run again.
/// </summary>
/// <remarks>
/// The platform pushes events until they are acknowledged, and (the sources disagree) robot messages for a minute. Only what went well is
/// remembered; what failed may be tried again.
/// This is one process's memory: another one, or this one after a restart, has to recognise <see cref="DingTalkDelivery.Id"/> by itself.
/// </remarks>
internal sealed class AckMemory(TimeProvider clock, TimeSpan keep, int most)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, RememberedAck> _entries = new(StringComparer.Ordinal);
    private readonly Queue<RememberedAck> _done = new();

    /// <summary>
    /// True: it is new, and the caller makes its answer. False: it is known, and <see cref="RememberedAck.Answer"/> is or will be its
    /// answer.
    /// </summary>
    public bool TryBegin(DingTalkDelivery delivery, out RememberedAck entry)
    {
        string[] keys = [$"m {delivery.MessageId}", $"{delivery.Kind} {delivery.Id}"];
        lock (_gate)
        {
            Forget();
            foreach (string key in keys)
            {
                if (!_entries.TryGetValue(key, out RememberedAck? known)) continue;
                entry = known;
                return false;
            }

            entry = new RememberedAck(keys);
            foreach (string key in keys) _entries[key] = entry;
            return true;
        }
    }

    /// <summary>The answer is made.</summary>
    public void End(RememberedAck entry, DingTalkAck ack)
    {
        lock (_gate)
        {
            if (ack.Code == 200)
            {
                entry.Until = clock.GetUtcNow() + keep;
                _done.Enqueue(entry);
                Forget();
            }
            else
            {
                Remove(entry);
            }
        }

        // Repetitions know when theirs leaves by themselves.
        entry.Answer.TrySetResult(ack with { AnswerSent = null });
    }

    private void Forget()
    {
        DateTimeOffset now = clock.GetUtcNow();
        while (_done.TryPeek(out RememberedAck? oldest) && (_done.Count > most || oldest.Until <= now)) Remove(_done.Dequeue());
    }

    private void Remove(RememberedAck entry)
    {
        foreach (string key in entry.Keys)
        {
            if (_entries.TryGetValue(key, out RememberedAck? now) && now == entry) _entries.Remove(key);
        }
    }
}

/// <summary>One answer.</summary>
internal sealed class RememberedAck(string[] keys)
{
    public string[] Keys { get; } = keys;

    public TaskCompletionSource<DingTalkAck> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DateTimeOffset Until { get; set; }
}
