using System.Collections.Immutable;
using Larkspur.Emulator.DingTalk.People;

namespace Larkspur.Emulator.DingTalk.Chats;

/// <summary>All conversations and what stands in them. Thread-safe; what it hands out never changes.</summary>
internal sealed class DingTalkChats : IResettableState
{
    /// <summary>Per chat; the oldest are forgotten beyond it.</summary>
    public const int MessagesPerChat = 5_000;
    public const int MostChats = 2_000;
    /// <summary>Of all chats together.</summary>
    public const int MostMessages = 50_000;

    public static readonly string PurchasingGroup = DingTalkIds.GroupId("purchasing");
    public static readonly string FinanceGroup = DingTalkIds.GroupId("finance");

    private readonly EmulatorState _state;
    private readonly DingTalkSettings _settings;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DingTalkChat> _chats = [];
    private readonly Dictionary<string, List<string>> _order = [];
    private readonly Dictionary<string, DingTalkMessage> _messages = [];
    private readonly Queue<DingTalkMessage> _ages = [];
    private readonly Dictionary<string, List<string>> _sent = [];

    public DingTalkChats(EmulatorState state, DingTalkSettings settings)
    {
        (_state, _settings) = (state, settings);
        Seed();
    }

    /// <summary>All, or those of one person; most recently active first.</summary>
    public IReadOnlyList<DingTalkChat> All(string? userId = null)
    {
        lock (_gate) return [.. _chats.Values.Where(c => userId is null || (c.Has(userId) && !c.Disbanded)).OrderByDescending(c => c.LastActive).ThenBy(c => c.Id, StringComparer.Ordinal)];
    }

    public DingTalkChat? Find(string chatId) { lock (_gate) return _chats.GetValueOrDefault(chatId); }

    public DingTalkChat? Group(string openConversationId) => Find(openConversationId) is { Kind: DingTalkChatKind.Group } group ? group : null;

    public DingTalkMessage? Message(string messageId) { lock (_gate) return _messages.GetValueOrDefault(messageId); }

    /// <summary>Oldest first; the last <paramref name="limit"/> of them.</summary>
    public IReadOnlyList<DingTalkMessage> Messages(string chatId, int limit = int.MaxValue)
    {
        lock (_gate) return _order.TryGetValue(chatId, out var ids) ? [.. ids.TakeLast(limit).Select(id => _messages[id])] : [];
    }

    public IReadOnlyList<DingTalkMessage> AllMessages() { lock (_gate) return [.. _messages.Values.OrderBy(m => m.Time)]; }

    /// <summary>By what the robot was given when it sent.</summary>
    public IReadOnlyList<DingTalkMessage> Sent(string processQueryKey) { lock (_gate) return [.. _sent.GetValueOrDefault(processQueryKey, []).Select(id => _messages[id])]; }

    /// <summary>The person's chat with the robot; made when they meet for the first time.</summary>
    public DingTalkChat WithRobot(string userId) =>
        GetOrCreate(DingTalkIds.RobotChatId(_settings.RobotCode, userId), id => new DingTalkChat(id, DingTalkChatKind.Robot, "Larkspur 助手", "Larkspur Assistant", [userId]));

    public DingTalkChat Notices(string userId) =>
        GetOrCreate(
            DingTalkIds.NoticeChatId(userId), id => new DingTalkChat(id, DingTalkChatKind.Notices, "工作通知", "Work notices", [userId]));

    /// <returns><see langword="null"/> when there are too many chats already.</returns>
    public DingTalkChat? AddGroup(string title, string ownerId, ImmutableArray<string> people)
    {
        var now = _state.Clock.GetUtcNow();
        var group = new DingTalkChat(DingTalkIds.GroupId(_state.Ids.Next("")), DingTalkChatKind.Group, title, title, people) { OwnerId = ownerId, Created = now, LastActive = now };
        lock (_gate)
        {
            if (_chats.Count >= MostChats) return null;
            Put(group);
        }

        _state.Announce(ChangeKind.ChatAdded, group.Id);
        return group;
    }

    public DingTalkChat? Change(string chatId, Func<DingTalkChat, DingTalkChat> change)
    {
        DingTalkChat? changed;
        lock (_gate)
        {
            if (!_chats.TryGetValue(chatId, out var chat)) return null;
            _chats[chatId] = changed = change(chat) with { Version = chat.Version + 1 };
        }

        _state.Announce(ChangeKind.ChatChanged, chatId);
        return changed;
    }

    /// <summary>Appends it to its chat, which exists.</summary>
    public DingTalkMessage Add(DingTalkMessage message)
    {
        lock (_gate)
        {
            _messages[message.MessageId] = message;
            var order = _order[message.ChatId];
            order.Add(message.MessageId);
            _ages.Enqueue(message);
            if (message.ProcessQueryKey is { } key)
            {
                if (!_sent.TryGetValue(key, out var sent)) _sent[key] = sent = [];
                sent.Add(message.MessageId);
            }

            if (order.Count > MessagesPerChat) Forget(_messages[order[0]]);
            while (_ages.Count > MostMessages && _ages.TryDequeue(out var oldest)) Forget(oldest);
            _chats[message.ChatId] = _chats[message.ChatId] with { LastActive = message.Time };
        }

        _state.Announce(ChangeKind.MessageAdded, message.ChatId, message.MessageId);
        return message;
    }

    /// <param name="change">Gets the present record; returns the same one to change nothing.</param>
    public DingTalkMessage? Change(string messageId, Func<DingTalkMessage, DingTalkMessage> change)
    {
        DingTalkMessage changed;
        lock (_gate)
        {
            if (!_messages.TryGetValue(messageId, out var message)) return null;
            changed = change(message);
            if (ReferenceEquals(changed, message)) return message;
            _messages[messageId] = changed = changed with { Version = message.Version + 1 };
        }

        _state.Announce(ChangeKind.MessageChanged, changed.ChatId, messageId);
        return changed;
    }

    /// <summary>The person has seen everything in the chat.</summary>
    public void Read(string userId, string chatId)
    {
        lock (_gate)
        {
            if (!_order.TryGetValue(chatId, out var ids)) return;
            var now = _state.Clock.GetUtcNow();
            foreach (var message in ids.Select(id => _messages[id]).Where(m => !m.ReadBy.ContainsKey(userId) && m.SenderId != userId).ToArray())
            {
                _messages[message.MessageId] = message with { ReadBy = message.ReadBy.Add(userId, now), Version = message.Version + 1 };
            }
        }

        _state.Announce(ChangeKind.MessageRead, chatId, personId: userId);
    }

    public int Unread(string userId, string chatId) => Messages(chatId).Count(m => m.SenderId != userId && !m.ReadBy.ContainsKey(userId) && !m.Recalled);

    public string NextMessageId() => "msg" + Convert.ToBase64String(Convert.FromHexString(_state.Ids.Next("")));

    public void Reset()
    {
        lock (_gate)
        {
            _chats.Clear();
            _order.Clear();
            _messages.Clear();
            _ages.Clear();
            _sent.Clear();
            Seed();
        }
    }

    private void Forget(DingTalkMessage message)
    {
        if (!_messages.Remove(message.MessageId)) return;
        _order[message.ChatId].Remove(message.MessageId);
        if (message.ProcessQueryKey is { } key && _sent.TryGetValue(key, out var sent) && sent.Remove(message.MessageId) && sent.Count == 0) _sent.Remove(key);
    }

    private DingTalkChat GetOrCreate(string id, Func<string, DingTalkChat> make)
    {
        lock (_gate)
        {
            if (_chats.TryGetValue(id, out var known)) return known;
            var now = _state.Clock.GetUtcNow();
            Put(make(id) with { Created = now, LastActive = now });
        }

        _state.Announce(ChangeKind.ChatAdded, id);
        return Find(id)!;
    }

    /// <summary>The same two groups as on the other platforms, both with the robot.</summary>
    private void Seed()
    {
        var now = _state.Clock.GetUtcNow();
        Put(new DingTalkChat(PurchasingGroup, DingTalkChatKind.Group, "采购协作群", "Purchasing team", [SeededCompany.Bob, SeededCompany.Alice, SeededCompany.Carol]) { OwnerId = SeededCompany.Bob, Created = now, LastActive = now });
        Put(new DingTalkChat(FinanceGroup, DingTalkChatKind.Group, "财务审批群", "Finance approvals", [SeededCompany.Carol, SeededCompany.Bob]) { OwnerId = SeededCompany.Carol, Created = now, LastActive = now });
    }

    private void Put(DingTalkChat chat)
    {
        _chats[chat.Id] = chat;
        _order[chat.Id] = [];
    }
}
