using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Larkspur.Emulator.State;

/// <summary>Everything that exists in the emulated company. Thread-safe; what it hands out never changes.</summary>
/// <remarks>It knows no wire and sends no events: the platform parts do that around it.</remarks>
public sealed partial class EmulatorState
{
    /// <summary>Per chat; the oldest messages are forgotten beyond it.</summary>
    public const int MessagesPerChat = 20_000;
    public const int MostChats = 10_000;
    /// <summary>All uploads together; the oldest are forgotten beyond it.</summary>
    public const long MostFileBytes = 256L << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Person> _people = [];
    private readonly Dictionary<string, Department> _departments = [];
    private readonly Dictionary<string, BotApp> _apps = [];
    private readonly Dictionary<string, Chat> _chats = [];
    private readonly Dictionary<string, Message> _messages = [];
    private readonly Dictionary<string, List<string>> _messagesByChat = [];
    private readonly Dictionary<(string Person, string Chat), int> _unread = [];
    private readonly Dictionary<string, StoredFile> _files = [];
    private readonly Queue<string> _fileOrder = [];
    private readonly Queue<(string ChatId, string MessageId)> _messageOrder = [];
    private readonly List<Channel<StateChange>> _watchers = [];
    private readonly long _mostMessageText;
    private long _messageText;
    private long _fileBytes;
    private long _version;

    public EmulatorState(VirtualClock clock, IdSource ids, EmulatorSettings settings)
    {
        (Clock, Ids, _mostMessageText) = (clock, ids, settings.MostMessageText);
        Inspector = new Inspector(kind => Announce(kind));
    }

    public VirtualClock Clock { get; }

    public IdSource Ids { get; }

    public Inspector Inspector { get; }

    public long Version => Interlocked.Read(ref _version);

    public IReadOnlyList<BotApp> Apps { get { lock (_gate) return [.. _apps.Values]; } }

    /// <summary>The company that somebody is of: the app's, but for guests.</summary>
    public string TenantOf(BotApp app, string personOrAppId) => Person(personOrAppId)?.TenantKey ?? app.TenantKey;

    public BotApp? App(string appId) { lock (_gate) return _apps.GetValueOrDefault(appId); }

    public Chat? Chat(string chatId) { lock (_gate) return _chats.GetValueOrDefault(chatId); }

    public Message? Message(string messageId) { lock (_gate) return _messages.GetValueOrDefault(messageId); }

    public StoredFile? File(string key) { lock (_gate) return _files.GetValueOrDefault(key); }

    /// <summary>All chats, or those of one person or bot; most recently active first.</summary>
    public IReadOnlyList<Chat> Chats(string? personOrAppId = null)
    {
        lock (_gate)
        {
            return [.. _chats.Values.Where(c => personOrAppId is null || (c.Has(personOrAppId) && !c.Dissolved)).OrderByDescending(c => c.LastActive)];
        }
    }

    /// <summary>The one-to-one chat of a person and a bot, when they have met.</summary>
    public Chat? P2pChat(string userId, string appId)
    {
        lock (_gate) return _chats.GetValueOrDefault(P2pChatId(userId, appId));
    }

    /// <summary>Messages of a chat, oldest first; the last <paramref name="limit"/> of them.</summary>
    /// <param name="viewer">Leaves out what only another person may see.</param>
    public IReadOnlyList<Message> Messages(string chatId, int limit = int.MaxValue, string? viewer = null)
    {
        lock (_gate)
        {
            if (!_messagesByChat.TryGetValue(chatId, out var ids)) return [];
            var all = ids.Select(id => _messages[id]).Where(m => m.OnlyFor is null || viewer is null || (m.OnlyFor == viewer && !m.Deleted));
            return limit == int.MaxValue ? [.. all] : [.. all.TakeLast(limit)];
        }
    }

    public int Unread(string userId, string chatId)
    {
        lock (_gate) return _unread.GetValueOrDefault((userId, chatId));
    }

    /// <summary>Changes from now on. A reader that is too slow loses the oldest of 1,000 pending changes.</summary>
    public async IAsyncEnumerable<StateChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var watch = Watch();
        await foreach (var change in watch.Changes.ReadAllAsync(cancellationToken)) yield return change;
    }

    /// <summary>The same feed for who must be listening before they look: it runs from this call on.</summary>
    public StateWatch Watch()
    {
        var channel = Channel.CreateBounded<StateChange>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_watchers) _watchers.Add(channel);
        return new StateWatch(channel.Reader, () =>
        {
            lock (_watchers) _watchers.Remove(channel);
        });
    }

    public void Announce(ChangeKind kind, string? chatId = null, string? messageId = null, string? personId = null, ClickResult? shown = null)
    {
        lock (_watchers)
        {
            var change = new StateChange(++_version, kind, chatId, messageId, personId, shown);
            foreach (var watcher in _watchers) watcher.Writer.TryWrite(change);
        }
    }

    /// <summary>Forgets everything but the apps' settings, then lets <paramref name="seed"/> fill it again.</summary>
    public void Clear(Action<EmulatorState> seed)
    {
        lock (_gate)
        {
            ClearDirectory();
            _apps.Clear();
            _chats.Clear();
            _messages.Clear();
            _messagesByChat.Clear();
            _messageOrder.Clear();
            _messageText = 0;
            _unread.Clear();
            _roles.Clear();
            _files.Clear();
            _fileOrder.Clear();
            _fileBytes = 0;
            ClearBots();
            ForgetCardEntities();
            _cardTemplates.Clear();
            ForgetApprovals();
            ForgetDocuments();
            ForgetCalendars();
            ForgetBases();
            seed(this);
        }

        Inspector.Clear();
        Announce(ChangeKind.Reset);
    }

    private static string P2pChatId(string userId, string appId) => "oc_" + WireIds.Hash("p2p", appId + "/" + userId);
}
