using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.Callbacks;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.CustomerService;

/// <summary>The customer service account: its customers' sessions, and the list of messages that the application pulls.</summary>
internal sealed class KfAccount(EmulatorState state, WeComChats chats, WeComIds ids, AppCallbacks callbacks) : IResettableState
{
    public const string OpenKfId = "wkLarkspurService0000000000000001";
    /// <summary>张三 and 李四.</summary>
    public static readonly IReadOnlyDictionary<string, string> Customers = new Dictionary<string, string>(StringComparer.Ordinal) { ["wmLarkspurCustomer1"] = "张三", ["wmLarkspurCustomer2"] = "李四" };
    private static readonly TimeSpan Memory = TimeSpan.FromDays(3);
    private static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan WelcomeLife = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan HandOverLife = TimeSpan.FromHours(48);
    private const int MostItems = 20_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, KfSession> _sessions = new(StringComparer.Ordinal);
    private readonly List<(long Number, DateTimeOffset Time, JsonObject Item)> _items = [];
    private readonly Dictionary<string, DateTimeOffset> _tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Customer, DateTimeOffset Ends)> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _sent = new(StringComparer.Ordinal);
    private long _number;

    /// <summary>A customer says something; a first message, or one after 48 silent hours, opens a session.</summary>
    /// <returns>The message in the chat, and how the application took the news.</returns>
    public async Task<(WeComMessage Message, CallbackOutcome Outcome)> HearAsync(string customer, string text, CancellationToken cancellationToken)
    {
        var now = state.Clock.GetUtcNow();
        var message = chats.Add(New(customer, text, WeComSender.Customer, customer, ids.MsgId(), "text", new JsonObject { ["content"] = text }));
        lock (_gate)
        {
            var session = Session(customer);
            if (session.LastHeard is not { } last || last + KfSession.Window <= now || session.State == KfState.Ended)
            {
                (session.State, session.ServicerId) = (KfState.New, "");
                Append(customer, 4, "event", new JsonObject { ["event_type"] = "enter_session", ["open_kfid"] = OpenKfId, ["external_userid"] = customer, ["scene"] = "larkspur", ["welcome_code"] = Code(customer, WelcomeLife) }, ids.MsgId());
            }

            (session.LastHeard, session.Answers) = (now, 0);
            Append(customer, 3, "text", new JsonObject { ["content"] = text }, message.MsgId);
        }

        return (message, await TellAsync(cancellationToken));
    }

    /// <summary>What waits behind a cursor.</summary>
    /// <exception cref="WeComRefusal">95007: the token is bad. 40058: the cursor is.</exception>
    public JsonObject Pull(string cursor, string token, int limit)
    {
        var now = state.Clock.GetUtcNow();
        lock (_gate)
        {
            if (token.Length > 0 && (!_tokens.TryGetValue(token, out var ends) || ends <= now)) throw new WeComRefusal(95007, "invalid token");
            var after = cursor.Length == 0 ? 0 : cursor.StartsWith('k') && long.TryParse(cursor.AsSpan(1), CultureInfo.InvariantCulture, out var number) ? number : throw WeComRefusal.Parameter("cursor");
            var waiting = _items.Where(i => i.Number > after && i.Time + Memory > now).ToArray();
            var page = waiting.Take(limit).ToArray();
            return new JsonObject
            {
                ["next_cursor"] = "k" + (page.Length > 0 ? page[^1].Number : after).ToString(CultureInfo.InvariantCulture), ["has_more"] = waiting.Length > page.Length ? 1 : 0,
                ["msg_list"] = WeComJson.List(page.Select(i => i.Item.DeepClone().AsObject())),
            };
        }
    }

    /// <summary>A message to a customer.</summary>
    /// <returns>Its <c>msgid</c>; the same one again for a <paramref name="msgId"/> that was used before.</returns>
    /// <exception cref="WeComRefusal">95013, 95018, 95002, 95001.</exception>
    public string Send(string customer, string? msgId, string kind, string text, JsonObject content)
    {
        lock (_gate)
        {
            if (msgId is not null && _sent.TryGetValue(msgId, out var known)) return known;
            var session = Session(customer);
            if (session.State == KfState.Ended) throw new WeComRefusal(95013, "the session is ended");
            if (session.State is not (KfState.New or KfState.Bot)) throw new WeComRefusal(95018, "invalid service state for sending");
            if (session.LastHeard is not { } last || last + KfSession.Window <= state.Clock.GetUtcNow()) throw new WeComRefusal(95002, "the customer was not heard within 48 hours");
            if (session.Answers >= KfSession.MostAnswers) throw new WeComRefusal(95001, "more than 5 messages for one message of the customer");
            session.Answers++;
            return Show(customer, msgId, kind, text, content);
        }
    }

    /// <summary>The one message that a code gives the right to.</summary>
    /// <exception cref="WeComRefusal">95007: the code is unknown, used or too old (UNVERIFIED).</exception>
    public string SendOnEvent(string code, string? msgId, string kind, string text, JsonObject content)
    {
        lock (_gate)
        {
            if (!_codes.Remove(code, out var right) || right.Ends <= state.Clock.GetUtcNow()) throw new WeComRefusal(95007, "invalid code");
            return Show(right.Customer, msgId, kind, text, content);
        }
    }

    public (KfState State, string Servicer) StateOf(string customer)
    {
        lock (_gate) return (Session(customer).State, Session(customer).ServicerId);
    }

    /// <summary>Hands a session over.</summary>
    /// <returns>A code that gives the right to one message about it.</returns>
    /// <exception cref="WeComRefusal">95016.</exception>
    public string Move(string customer, KfState to, string servicer)
    {
        lock (_gate)
        {
            var session = Session(customer);
            if (!KfSession.MayGo(session.State, to)) throw new WeComRefusal(95016, "invalid service state transition");
            (session.State, session.ServicerId) = (to, to == KfState.Human ? servicer : "");
            return Code(customer, to == KfState.Ended ? WelcomeLife : HandOverLife);
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _sessions.Clear();
            _items.Clear();
            _tokens.Clear();
            _codes.Clear();
            _sent.Clear();
        }
    }

    /// <summary>The event says only that something waits, and brings a token for pulling it.</summary>
    private Task<CallbackOutcome> TellAsync(CancellationToken cancellationToken)
    {
        var token = ids.Code();
        lock (_gate)
        {
            foreach (var old in _tokens.Where(t => t.Value <= state.Clock.GetUtcNow()).Select(t => t.Key).ToArray()) _tokens.Remove(old);
            _tokens[token] = state.Clock.GetUtcNow() + TokenLife;
        }

        return callbacks.DeliverAsync(new AppCallback
        {
            Type = "kf_msg_or_event", From = "", IsMessage = false, Id = ids.Nonce(), Time = state.Clock.GetUtcNow(), Fields = xml => xml.Text("Token", token).Text("OpenKfId", OpenKfId),
        }, cancellationToken: cancellationToken);
    }

    private string Show(string customer, string? msgId, string kind, string text, JsonObject content)
    {
        var id = msgId ?? ids.Nonce();
        chats.Add(New(customer, text, WeComSender.Application, OpenKfId, id, kind, content));
        if (msgId is not null && _sent.Count < MostItems) _sent[msgId] = id;
        return id;
    }

    private WeComMessage New(string customer, string text, WeComSender sender, string senderId, string msgId, string kind, JsonObject content)
    {
        var chat = "kf_" + customer;
        if (chats.Chat(chat) is null) chats.Put(new WeComChat { ChatId = chat, Kind = WeComChatKind.CustomerService, Name = Customers[customer], EnName = Customers[customer] });
        return new WeComMessage { MessageId = ids.Message(), ChatId = chat, MsgId = msgId, Sender = sender, SenderId = senderId, Kind = kind, Text = text, Content = CanonicalJson.Write(content) };
    }

    private KfSession Session(string customer) => _sessions.TryGetValue(customer, out var session) ? session : _sessions[customer] = new KfSession();

    private string Code(string customer, TimeSpan life)
    {
        var code = ids.Code();
        foreach (var old in _codes.Where(c => c.Value.Ends <= state.Clock.GetUtcNow()).Select(c => c.Key).ToArray()) _codes.Remove(old);
        _codes[code] = (customer, state.Clock.GetUtcNow() + life);
        return code;
    }

    private void Append(string customer, int origin, string kind, JsonObject content, string msgId)
    {
        var now = state.Clock.GetUtcNow();
        var item = new JsonObject { ["msgid"] = msgId, ["open_kfid"] = OpenKfId, ["external_userid"] = customer, ["send_time"] = now.ToUnixTimeSeconds(), ["origin"] = origin, ["servicer_userid"] = "", ["msgtype"] = kind, [kind] = content };
        if (kind == "event") item.Remove("external_userid");
        _items.Add((++_number, now, item));
        if (_items.Count > MostItems) _items.RemoveAt(0);
    }
}
