namespace Larkspur.Emulator.State;

/// <summary>Custom bots, the administrator's rules, threads and urgent messages.</summary>
public sealed partial class EmulatorState
{
    public const int MostCustomBots = 1_000;
    /// <summary>Urgent messages that one person has not confirmed (230023).</summary>
    public const int MostUrgent = 200;

    private readonly Dictionary<string, CustomBot> _customBots = [];
    private readonly Dictionary<string, (string ChatId, string RootId)> _threads = [];
    private readonly Dictionary<string, HashSet<string>> _urgent = [];
    private TenantRules _rules = new();

    public TenantRules Rules
    {
        get { lock (_gate) return _rules; }
    }

    public IReadOnlyList<CustomBot> CustomBots { get { lock (_gate) return [.. _customBots.Values]; } }

    public CustomBot? CustomBot(string token) { lock (_gate) return _customBots.GetValueOrDefault(token); }

    /// <summary>The custom bot behind a message's sender.</summary>
    public CustomBot? CustomBotOf(string senderId)
    {
        lock (_gate) return _customBots.Values.FirstOrDefault(b => b.SenderId == senderId);
    }

    /// <returns>False when there are too many.</returns>
    public bool Put(CustomBot bot)
    {
        lock (_gate)
        {
            if (_customBots.Count >= MostCustomBots && !_customBots.ContainsKey(bot.Token)) return false;
            _customBots[bot.Token] = bot;
        }

        Announce(ChangeKind.AppChanged);
        return true;
    }

    public bool RemoveCustomBot(string token)
    {
        lock (_gate)
        {
            if (!_customBots.Remove(token)) return false;
        }

        Announce(ChangeKind.AppChanged);
        return true;
    }

    public TenantRules ChangeRules(Func<TenantRules, TenantRules> change)
    {
        lock (_gate) return _rules = change(_rules);
    }

    /// <summary>Chat and first message of a thread.</summary>
    public (string ChatId, string RootId)? Thread(string threadId)
    {
        lock (_gate) return _threads.TryGetValue(threadId, out var thread) ? thread : null;
    }

    public int UnconfirmedUrgencies(string userId)
    {
        lock (_gate) return _urgent.TryGetValue(userId, out var ids) ? ids.Count : 0;
    }

    /// <summary>Marks the message as urgent for these people; all of them or, when one has too many unconfirmed, none.</summary>
    public bool Urge(string messageId, UrgencyKind kind, IReadOnlyCollection<string> userIds)
    {
        Message changed;
        lock (_gate)
        {
            if (!_messages.TryGetValue(messageId, out var message)) return false;
            if (userIds.Any(u => _urgent.TryGetValue(u, out var ids) && ids.Count >= MostUrgent && !ids.Contains(messageId))) return false;
            foreach (var user in userIds)
            {
                if (!_urgent.TryGetValue(user, out var ids)) _urgent[user] = ids = [];
                ids.Add(messageId);
            }

            var now = Clock.GetUtcNow();
            // One mark for a person and kind: a second call renews it.
            var kept = message.Urgencies.RemoveAll(u => u.Kind == kind && userIds.Contains(u.UserId));
            changed = message with { Urgencies = [.. kept, .. userIds.Select(u => new Urgency(kind, u, now))], Version = message.Version + 1 };
            _messages[messageId] = changed;
        }

        Announce(ChangeKind.MessageChanged, changed.ChatId, messageId);
        return true;
    }

    /// <summary>Reading a chat confirms what was urgent in it. Call it under the gate.</summary>
    private bool ConfirmUrgencies(string userId, string chatId)
    {
        if (!_urgent.TryGetValue(userId, out var ids)) return false;
        var here = ids.Where(id => _messages.TryGetValue(id, out var m) && m.ChatId == chatId).ToArray();
        foreach (var id in here)
        {
            ids.Remove(id);
            var message = _messages[id];
            _messages[id] = message with
            {
                Urgencies = [.. message.Urgencies.Select(u => u.UserId == userId ? u with { Confirmed = true } : u)], Version = message.Version + 1,
            };
        }

        if (ids.Count == 0) _urgent.Remove(userId);
        return here.Length > 0;
    }

    private void ForgetMarks(Message gone)
    {
        if (gone.ThreadId is { } thread && _threads.TryGetValue(thread, out var known) && known.RootId == gone.MessageId) _threads.Remove(thread);
        foreach (var urgency in gone.Urgencies)
        {
            if (_urgent.TryGetValue(urgency.UserId, out var ids)) ids.Remove(gone.MessageId);
        }
    }

    private void RememberThread(Message message)
    {
        if (message.ThreadId is { } thread) _threads.TryAdd(thread, (message.ChatId, message.RootId ?? message.MessageId));
    }

    private void ClearBots()
    {
        _customBots.Clear();
        _threads.Clear();
        _urgent.Clear();
        _rules = new TenantRules();
    }
}
