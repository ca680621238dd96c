using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Larkspur.WeCom.CustomerService;

/// <summary>One page of what customers and servicers wrote.</summary>
public sealed record KfPage
{
    /// <summary>Where the next page begins. Keep it per account, after the messages are processed: what is older than 3 days is gone.</summary>
    public string NextCursor { get; init; } = "";

    /// <summary>1: there is more, even when this page is short or empty.</summary>
    public int HasMore { get; init; }

    /// <summary>The messages; deduplicate by id.</summary>
    public IReadOnlyList<KfMessage> MsgList { get; init; } = [];
}

/// <summary>A message or an event of customer service.</summary>
public sealed record KfMessage
{
    /// <summary>Its id.</summary>
    [JsonPropertyName("msgid")]
    public string MessageId { get; init; } = "";

    /// <summary>The account.</summary>
    [JsonPropertyName("open_kfid")]
    public string OpenKfId { get; init; } = "";

    /// <summary>The customer.</summary>
    [JsonPropertyName("external_userid")]
    public string ExternalUserId { get; init; } = "";

    /// <summary>Seconds since 1970.</summary>
    public long SendTime { get; init; }

    /// <summary>3 customer, 4 system, 5 servicer.</summary>
    public int Origin { get; init; }

    /// <summary>The servicer who wrote.</summary>
    [JsonPropertyName("servicer_userid")]
    public string? ServicerUserId { get; init; }

    /// <summary><c>text</c>, <c>image</c>, …, <c>event</c>.</summary>
    [JsonPropertyName("msgtype")]
    public string MessageType { get; init; } = "";

    /// <summary>All further members; the one named like the type is the content.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement> Members { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>The content: the member named like the type; null when there is none.</summary>
    [JsonIgnore]
    public JsonElement? Content => Members.TryGetValue(MessageType, out JsonElement content) ? content : null;
}

/// <summary>Who talks with a customer.</summary>
public enum KfState
{
    /// <summary>Nobody yet.</summary>
    New = 0,

    /// <summary>The app.</summary>
    Bot = 1,

    /// <summary>The customer waits in the queue.</summary>
    Queue = 2,

    /// <summary>A servicer; the app cannot write.</summary>
    Human = 3,

    /// <summary>Ended; the customer's next message begins anew.</summary>
    Ended = 4,
}

/// <summary>The state of a conversation.</summary>
public sealed record KfSession(
    [property: JsonPropertyName("service_state")] KfState State, [property: JsonPropertyName("servicer_userid")] string? ServicerUserId);

/// <summary>Why the platform does not deliver a message to a customer now.</summary>
public enum KfSendLimit
{
    /// <summary>Five messages since the customer's last one (95001).</summary>
    FiveMessages,

    /// <summary>48 hours since the customer's last one (95002).</summary>
    FortyEightHours,

    /// <summary>The conversation is with a servicer, in the queue, or ended (95018, 95013).</summary>
    State,
}

/// <summary>A message cannot go to a customer now; nothing was sent. It can when the customer writes again.</summary>
public sealed class KfSendException(KfSendLimit limit, WeComApiException inner) : Exception(inner.Message, inner)
{
    /// <summary>Why.</summary>
    public KfSendLimit Limit { get; } = limit;
}

/// <summary>WeChat customer service (微信客服): pull what customers wrote, answer, hand over.</summary>
/// <remarks>Needs a client with the secret that may call it. The callback (<see cref="Callbacks.CustomerServicePing"/>) holds no message: it says that there is something to pull.</remarks>
public sealed class WeComCustomerService
{
    private static readonly WeComEndpoint Sync = WeComEndpoint.Read("kf.sync_msg", "/cgi-bin/kf/sync_msg");
    private static readonly WeComEndpoint Send = WeComEndpoint.Write("kf.send_msg", "/cgi-bin/kf/send_msg");
    private static readonly WeComEndpoint SendOnEvent = WeComEndpoint.Write("kf.send_msg_on_event", "/cgi-bin/kf/send_msg_on_event");
    private static readonly WeComEndpoint GetState = WeComEndpoint.Read("kf.service_state.get", "/cgi-bin/kf/service_state/get");
    private static readonly WeComEndpoint Transfer = WeComEndpoint.Write("kf.service_state.trans", "/cgi-bin/kf/service_state/trans");

    private readonly WeComClient _client;

    internal WeComCustomerService(WeComClient client) => _client = client;

    /// <summary>Reads one page.</summary>
    /// <param name="openKfId">The account.</param>
    /// <param name="cursor">Where the last page ended; null: from the oldest of the last 3 days.</param>
    /// <param name="token">From the callback, good for 10 minutes; without it the platform limits the call strictly.</param>
    /// <param name="limit">Messages at most, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<KfPage> SyncAsync(string openKfId, string? cursor = null, string? token = null, int limit = 1000, CancellationToken cancellationToken = default)
    {
        var problems = new ContentProblems();
        problems.Required("open_kfid", openKfId);
        problems.Bytes("cursor", cursor, 64);
        problems.Bytes("token", token, 128);
        if (limit is < 1 or > 1000) problems.Add("limit", "must be 1 to 1000");
        problems.ThrowIfAny();
        return _client.SendAsync<KfPage>(new WeComRequest(Sync)
        {
            Body = new { open_kfid = openKfId, cursor, token, limit },
            Secrets = token is null ? [] : [token],
        }, cancellationToken: cancellationToken);
    }

    /// <summary>Reads page after page until the platform has no more. Keep each page's cursor once its messages are processed.</summary>
    /// <inheritdoc cref="SyncAsync" path="/param"/>
    public async IAsyncEnumerable<KfPage> SyncAllAsync(
        string openKfId, string? cursor = null, string? token = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            KfPage page = await SyncAsync(openKfId, cursor, token, cancellationToken: cancellationToken);
            yield return page;
            if (page.HasMore != 1) yield break;
            // A cursor that stays would be read for ever.
            if (page.NextCursor.Length == 0 || page.NextCursor == cursor) throw new WeComApiException("kf.sync_msg says that there is more, but not where.") { Endpoint = Sync.Id };
            cursor = page.NextCursor;
        }
    }

    /// <summary>Writes to a customer, within 48 hours of the customer's last message and 5 times at most.</summary>
    /// <param name="openKfId">The account.</param>
    /// <param name="externalUserId">The customer.</param>
    /// <param name="type"><c>text</c>, <c>image</c>, <c>voice</c>, <c>video</c>, <c>file</c>, <c>link</c>, <c>miniprogram</c>, <c>msgmenu</c>, <c>location</c>, …</param>
    /// <param name="content">The object of that name, in the platform's terms.</param>
    /// <param name="messageId">An id of one's own, at most 32 bytes: makes the call idempotent, so that a lost answer is followed by another try. Null: the platform's.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The message's id.</returns>
    /// <exception cref="KfSendException">48 hours, five messages, or the state of the conversation.</exception>
    public async Task<string> SendAsync(
        string openKfId, string externalUserId, string type, JsonObject content, string? messageId = null, CancellationToken cancellationToken = default)
    {
        var problems = new ContentProblems();
        problems.Required("open_kfid", openKfId);
        problems.Required("touser", externalUserId);
        problems.Required("msgtype", type);
        problems.Bytes("msgid", messageId, 32);
        if (content is null) problems.Add(type, "is missing");
        if (type == "text") problems.Text("text.content", content?["content"]?.GetValue<string>(), 2048);
        problems.ThrowIfAny();
        var body = new JsonObject { ["touser"] = externalUserId, ["open_kfid"] = openKfId };
        if (messageId is not null) body["msgid"] = messageId;
        body["msgtype"] = type;
        body[type] = content!.DeepClone();
        try
        {
            Sent sent = await _client.SendAsync<Sent>(new WeComRequest(Send) { Body = body, IsIdempotent = messageId is not null }, cancellationToken: cancellationToken);
            return sent.MessageId;
        }
        catch (WeComApiException refused) when (LimitOf(refused.Code) is { } limit)
        {
            throw new KfSendException(limit, refused);
        }
    }

    /// <summary>Writes text to a customer.</summary>
    /// <inheritdoc cref="SendAsync" path="/exception"/>
    public Task<string> SendTextAsync(string openKfId, string externalUserId, string text, string? messageId = null, CancellationToken cancellationToken = default)
        => SendAsync(openKfId, externalUserId, "text", new JsonObject { ["content"] = text }, messageId, cancellationToken);

    /// <summary>Greets, or says good-bye, with the code of an event: a welcome and the end of a session within 20 s, a hand-over within 48 hours; one message each.</summary>
    public Task SendOnEventAsync(string code, string text, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(code);
        var problems = new ContentProblems();
        problems.Text("text.content", text, 2048);
        problems.ThrowIfAny();
        return _client.SendAsync(new WeComRequest(SendOnEvent) { Body = new { code, msgtype = "text", text = new { content = text } }, Secrets = [code] }, cancellationToken: cancellationToken);
    }

    /// <summary>Who talks with a customer.</summary>
    public Task<KfSession> StateAsync(string openKfId, string externalUserId, CancellationToken cancellationToken = default)
        => _client.SendAsync<KfSession>(new WeComRequest(GetState) { Body = new { open_kfid = openKfId, external_userid = externalUserId } }, cancellationToken: cancellationToken);

    /// <summary>Hands a conversation over.</summary>
    /// <param name="openKfId">The account.</param>
    /// <param name="externalUserId">The customer.</param>
    /// <param name="state">To whom.</param>
    /// <param name="servicerUserId">For <see cref="KfState.Human"/>: to which servicer.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A code for one message about it (<see cref="SendOnEventAsync"/>), or null. Secret while it lives.</returns>
    /// <exception cref="WeComApiException">95016: not from the present state; 95014, 95019: the servicer receives nobody now.</exception>
    public async Task<string?> TransferAsync(string openKfId, string externalUserId, KfState state, string? servicerUserId = null, CancellationToken cancellationToken = default)
    {
        if (state == KfState.Human && string.IsNullOrWhiteSpace(servicerUserId)) throw new WeComContentException(["servicer_userid is missing: a conversation goes to a servicer by name."]);
        Moved moved = await _client.SendAsync<Moved>(new WeComRequest(Transfer)
        {
            Body = new { open_kfid = openKfId, external_userid = externalUserId, service_state = (int)state, servicer_userid = servicerUserId },
        }, cancellationToken: cancellationToken);
        return moved.MsgCode;
    }

    private static KfSendLimit? LimitOf(int code) => code switch
    {
        95001 => KfSendLimit.FiveMessages,
        95002 => KfSendLimit.FortyEightHours,
        95013 or 95018 => KfSendLimit.State,
        _ => null,
    };

    private sealed record Sent([property: JsonPropertyName("msgid")] string MessageId);

    private sealed record Moved(string? MsgCode);
}
