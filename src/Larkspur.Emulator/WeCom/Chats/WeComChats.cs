namespace Larkspur.Emulator.WeCom.Chats;

/// <summary>All conversations of the corp. Thread-safe; what it hands out never changes. Every change is announced to the web client.</summary>
internal sealed class WeComChats : IResettableState
{
    public const int MostChats = 10_000;
    /// <summary>Of a chat; the oldest are forgotten beyond it.</summary>
    public const int MessagesPerChat = 5_000;
    /// <summary>Texts and contents together, in characters; the oldest messages are forgotten beyond it.</summary>
    public const long MostText = 32L << 20;

    private readonly EmulatorState _state;
    private readonly EmulatorSettings _settings;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, WeComChat> _chats = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WeComMessage> _messages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _byChat = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _byMsgId = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];
    private long _text;

    public WeComChats(EmulatorState state, EmulatorSettings settings)
    {
        (_state, _settings) = (state, settings);
        SeededGroups.Fill(this);
    }

    /// <summary>All chats, or those of one person; most recently active first.</summary>
    public IReadOnlyList<WeComChat> All(string? person = null)
    {
        lock (_gate) return [.. _chats.Values.Where(c => person is null || c.People.Contains(person)).OrderByDescending(c => c.LastActive).ThenBy(c => c.ChatId, StringComparer.Ordinal)];
    }

    public WeComChat? Chat(string chatId)
    {
        lock (_gate) return _chats.GetValueOrDefault(chatId);
    }

    public WeComMessage? Message(string messageId)
    {
        lock (_gate) return _messages.GetValueOrDefault(messageId);
    }

    /// <summary>Messages of a chat, oldest first; the last <paramref name="limit"/> of them.</summary>
    public IReadOnlyList<WeComMessage> Messages(string chatId, int limit = int.MaxValue)
    {
        lock (_gate)
        {
            if (!_byChat.TryGetValue(chatId, out var ids)) return [];
            return [.. ids.Skip(Math.Max(0, ids.Count - limit)).Select(id => _messages[id])];
        }
    }

    /// <summary>The copies of a message, one in each chat that got it.</summary>
    public IReadOnlyList<WeComMessage> Copies(string msgId)
    {
        lock (_gate) return _byMsgId.TryGetValue(msgId, out var ids) ? [.. ids.Select(id => _messages[id])] : [];
    }

    /// <summary>A person's chat with the application, made when they first meet.</summary>
    public WeComChat WithApplication(string person) => GetOrCreate($"app_{_settings.WeCom.AgentId}_{person}", WeComChatKind.Application, "Larkspur 应用", "Larkspur application", person);

    /// <summary>A person's chat with the AI bot, made when they first meet.</summary>
    public WeComChat WithAiBot(string person) =>
        GetOrCreate($"aibot_{person}", WeComChatKind.AiBot, "Larkspur 智能机器人", "Larkspur AI bot", person);

    /// <returns><see langword="false"/> when the corp has as many as it may.</returns>
    public bool Put(WeComChat chat)
    {
        bool isNew;
        lock (_gate)
        {
            isNew = !_chats.ContainsKey(chat.ChatId);
            if (isNew && _chats.Count >= MostChats) return false;
            _chats[chat.ChatId] = chat with { LastActive = _state.Clock.GetUtcNow() };
            _byChat.TryAdd(chat.ChatId, []);
        }

        _state.Announce(isNew ? ChangeKind.ChatAdded : ChangeKind.ChatChanged, chat.ChatId);
        return true;
    }

    public WeComMessage Add(WeComMessage message)
    {
        var now = _state.Clock.GetUtcNow();
        message = message with { Created = now, Updated = now };
        lock (_gate)
        {
            if (!_byChat.TryGetValue(message.ChatId, out var ids)) throw new InvalidOperationException($"There is no chat {message.ChatId}.");
            _messages[message.MessageId] = message;
            ids.Add(message.MessageId);
            if (!_byMsgId.TryGetValue(message.MsgId, out var copies)) _byMsgId[message.MsgId] = copies = [];
            copies.Add(message.MessageId);
            _order.Enqueue(message.MessageId);
            _text += Weight(message);
            _chats[message.ChatId] = _chats[message.ChatId] with { LastActive = now };
            if (ids.Count > MessagesPerChat) Forget(ids[0]);
            ForgetBeyondBound(message.MessageId);
        }

        _state.Announce(ChangeKind.MessageAdded, message.ChatId, message.MessageId);
        return message;
    }

    /// <param name="messageId">Of the record in one chat.</param>
    /// <param name="change">Gets the present record; returns the same one to change nothing.</param>
    /// <returns>What it is now; <see langword="null"/> when it is forgotten.</returns>
    public WeComMessage? Change(string messageId, Func<WeComMessage, WeComMessage> change)
    {
        WeComMessage changed;
        lock (_gate)
        {
            if (!_messages.TryGetValue(messageId, out var message)) return null;
            changed = change(message);
            if (ReferenceEquals(changed, message)) return message;
            _messages[messageId] = changed = changed with { Version = message.Version + 1, Updated = _state.Clock.GetUtcNow() };
            _text += Weight(changed) - Weight(message);
            ForgetBeyondBound(messageId);
        }

        _state.Announce(ChangeKind.MessageChanged, changed.ChatId, messageId);
        return changed;
    }

    public void Reset()
    {
        lock (_gate)
        {
            _chats.Clear();
            _messages.Clear();
            _byChat.Clear();
            _byMsgId.Clear();
            _order.Clear();
            _text = 0;
        }

        SeededGroups.Fill(this);
    }

    private WeComChat GetOrCreate(string id, WeComChatKind kind, string name, string enName, string person)
    {
        if (Chat(id) is { } known) return known;
        var chat = new WeComChat { ChatId = id, Kind = kind, Name = name, EnName = enName, People = [person] };
        Put(chat);
        return Chat(id) ?? chat;
    }

    /// <param name="spared">The message that just came or grew.</param>
    private void ForgetBeyondBound(string spared)
    {
        while (_text > MostText && _order.TryPeek(out var oldest) && oldest != spared)
        {
            _order.Dequeue();
            Forget(oldest);
        }

        // What left its chat earlier must not pile up in the order.
        while (_order.TryPeek(out var gone) && !_messages.ContainsKey(gone)) _order.Dequeue();
    }

    private void Forget(string messageId)
    {
        if (!_messages.Remove(messageId, out var gone)) return;
        _text -= Weight(gone);
        _byChat[gone.ChatId].Remove(messageId);
        if (_byMsgId.TryGetValue(gone.MsgId, out var copies) && copies.Remove(messageId) && copies.Count == 0) _byMsgId.Remove(gone.MsgId);
    }

    private static long Weight(WeComMessage m) => 200 + m.Text.Length + m.Content.Length + (m.Card?.Json.Length ?? 0);
}
