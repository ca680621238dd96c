using Microsoft.Extensions.Logging;

namespace Larkspur.DingTalk.Cards;

/// <summary>Interactive cards and AI cards. A card is named by your own key, <c>outTrackId</c>, from its making to its last update.</summary>
/// <remarks>
/// Permissions <c>Card.Instance.Write</c> and <c>Card.Streaming.Write</c>. Every call counts against the organisation's month, each frame of a streamed text too.
/// Source: 02/0783, 02/0785, 02/0778. Thread-safe.
/// </remarks>
public sealed class DingTalkCards
{
    /// <summary>A public template of the platform's for AI cards; the text is its variable <c>msgContent</c> (seen in the official connector).</summary>
    public const string PublicAiTemplate = "02fcf2f4-5e02-4a85-b672-46d1f715543e.schema";

    private const int MaxPrivateBytes = 1024;

    // Made again under the same key it is the same card: so says the design of the key; what the platform answers then is not documented (UNVERIFIED).
    private static readonly DingTalkEndpoint CreateAndDeliver = new() { Id = "card.create_and_deliver", Method = HttpMethod.Post, Path = "/v1.0/card/instances/createAndDeliver" };
    private static readonly DingTalkEndpoint Create = new() { Id = "card.create", Method = HttpMethod.Post, Path = "/v1.0/card/instances" };
    private static readonly DingTalkEndpoint Deliver = new() { Id = "card.deliver", Method = HttpMethod.Post, Path = "/v1.0/card/instances/deliver" };
    private static readonly DingTalkEndpoint Update = new() { Id = "card.update", Method = HttpMethod.Put, Path = "/v1.0/card/instances" };
    private static readonly DingTalkEndpoint Register = new() { Id = "card.callback.register", Method = HttpMethod.Post, Path = "/v1.0/card/callbacks/register" };

    private static readonly DingTalkEndpoint Streaming = new()
    {
        // The official connector says that 40 a second are allowed and takes 20; the app's general limit is 20.
        Id = "card.streaming", Method = HttpMethod.Put, Path = "/v1.0/card/streaming", PerSecond = 10, ThrottlePause = TimeSpan.FromSeconds(2),
    };

    private readonly DingTalkClient _client;

    internal DingTalkCards(DingTalkClient client) => _client = client;

    internal TimeProvider Clock => _client.Clock;

    internal ILogger Logger => _client.Logger;

    /// <summary>Makes a card and shows it in its spaces.</summary>
    /// <returns>Look at each space: shown in one and not in another is a success of the call.</returns>
    /// <exception cref="ArgumentException">Something is missing or too long; nothing was sent.</exception>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    /// <exception cref="PlatformNetworkException">No answer. Making it again under the same key makes no second card.</exception>
    public async Task<CardDelivered> CreateAndDeliverAsync(CardInstance card, CancellationToken cancellationToken = default)
    {
        Dictionary<string, object?> body = Made(card);
        foreach ((string name, object? value) in Shown(card)) body[name] = value;
        return await DeliveredAsync(CreateAndDeliver, card.OutTrackId, body, cancellationToken);
    }

    /// <summary>Makes a card without showing it.</summary>
    /// <inheritdoc cref="CreateAndDeliverAsync" path="/exception"/>
    public async Task CreateAsync(CardInstance card, CancellationToken cancellationToken = default)
        => await SendAsync<Answer<object>>(Create, Made(card), card.OutTrackId, a => a.Success, cancellationToken);

    /// <summary>Shows a card that was made in its spaces.</summary>
    /// <inheritdoc cref="CreateAndDeliverAsync" path="/exception"/>
    public Task<CardDelivered> DeliverAsync(CardInstance card, CancellationToken cancellationToken = default)
    {
        Check(card);
        Dictionary<string, object?> body = Shown(card);
        (body["outTrackId"], body["userIdType"]) = (card.OutTrackId, card.ByUnionId ? 2 : 1);
        return DeliveredAsync(Deliver, card.OutTrackId, body, cancellationToken);
    }

    /// <summary>Changes what a card shows, wherever it is. Not while a callback of it waits for its answer: the two would race.</summary>
    /// <param name="outTrackId">The card.</param>
    /// <param name="variables">Variables that everybody sees; null: none changes.</param>
    /// <param name="privateVariables">Variables that one person sees, by userid.</param>
    /// <param name="keepOthers">What is not named keeps its value. Default true; the platform's own default drops it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public async Task UpdateAsync(string outTrackId, CardVariables? variables, IReadOnlyDictionary<string, CardVariables>? privateVariables = null, bool keepOthers = true,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(outTrackId);
        if (variables is null && privateVariables is not { Count: > 0 }) throw new ArgumentException("There is nothing to change.", nameof(variables));
        var body = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["outTrackId"] = outTrackId,
            ["userIdType"] = 1,
            ["cardUpdateOptions"] = new { updateCardDataByKey = keepOthers, updatePrivateDataByKey = keepOthers },
        };
        if (variables is not null) body["cardData"] = new { cardParamMap = variables.Map };
        if (privateVariables is { Count: > 0 }) body["privateData"] = Private(privateVariables);
        await SendAsync<Answer<object>>(Update, body, null, a => a.Success, cancellationToken);
    }

    /// <summary>Sends one frame of a text that is being written. <see cref="Write"/> does this with the right pace and a proper end.</summary>
    /// <param name="outTrackId">The card.</param>
    /// <param name="key">The variable that streams.</param>
    /// <param name="content">The whole text so far: a Markdown variable takes nothing else.</param>
    /// <param name="frame">Whether more follows.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DingTalkApiException">Refused; <c>content is too large</c> among others. (Documented are 1 KB a frame and 3 KB in all; more has been seen to work.)</exception>
    public Task StreamAsync(string outTrackId, string key, string content, AiFrame frame = AiFrame.More, CancellationToken cancellationToken = default)
        => StreamAsync(outTrackId, key, content, frame, Guid.NewGuid().ToString(), cancellationToken);

    /// <summary>The same under a key of your own: sent again, also by another process, it is the same frame.</summary>
    /// <param name="outTrackId">The card.</param>
    /// <param name="key">The variable that streams.</param>
    /// <param name="content">The whole text so far.</param>
    /// <param name="frame">Whether more follows.</param>
    /// <param name="guid">Names the frame: one for each content.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DingTalkApiException">Refused; see the other overload.</exception>
    public async Task StreamAsync(string outTrackId, string key, string content, AiFrame frame, string guid, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(outTrackId);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        ArgumentException.ThrowIfNullOrWhiteSpace(guid);
        ArgumentNullException.ThrowIfNull(content);
        var body = new { outTrackId, guid, key, content, isFull = true, isFinalize = frame == AiFrame.Finish, isError = frame == AiFrame.Fail };
        await SendAsync<Answer<object>>(Streaming, body, guid, a => a.Success, cancellationToken);
    }

    /// <summary>Begins to write a text into a card while it comes.</summary>
    /// <param name="outTrackId">A card that was made and shown.</param>
    /// <param name="key">The variable that streams.</param>
    /// <param name="options">Pace; null: the defaults.</param>
    public AiCardWriter Write(string outTrackId, string key, AiCardOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(outTrackId);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        return new AiCardWriter(this, outTrackId, key, options ?? new AiCardOptions());
    }

    /// <summary>Shows the whole text and ends the card. What it does not take because it is too long comes back: send it as a message.</summary>
    /// <param name="outTrackId">The card.</param>
    /// <param name="key">The variable that streams.</param>
    /// <param name="text">All of it.</param>
    /// <param name="frame"><see cref="AiFrame.Finish"/> or <see cref="AiFrame.Fail"/>.</param>
    /// <param name="guid">Names this end, so that it can be repeated, also by another process; at most 60 characters.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DingTalkApiException">Refused, for another reason than its length.</exception>
    /// <exception cref="PlatformNetworkException">No answer. Ending it again under the same key is harmless.</exception>
    public async Task<AiCardEnd> EndAsync(string outTrackId, string key, string text, AiFrame frame, string guid, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (frame == AiFrame.More) throw new ArgumentException("An end is Finish or Fail.", nameof(frame));
        string shown = text;
        for (int next = 0; ; next++)
        {
            try
            {
                // A shorter text is another frame: under the key of the one that was too large it might be taken for that one.
                await StreamAsync(outTrackId, key, shown, frame, next == 0 ? guid : $"{guid}-{next}", cancellationToken);
                return new AiCardEnd(shown, text[shown.Length..]);
            }
            catch (DingTalkApiException refused) when (AiCardWriter.IsTooLarge(refused) && next < AiCardWriter.Smaller.Length)
            {
                shown = AiCardWriter.Cut(text, AiCardWriter.Smaller[next]);
            }
        }
    }

    /// <summary>Registers the address that gets card callbacks over HTTP.</summary>
    /// <param name="routeKey">Its name, for <see cref="CardInstance.CallbackRouteKey"/>.</param>
    /// <param name="address">An https address: the signature does not cover the body.</param>
    /// <param name="apiSecret">What callbacks are signed with: <see cref="DingTalkOptions.CardCallbackSecret"/>.</param>
    /// <param name="replace">Take the place of an address that is registered under this name.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public Task RegisterCallbackAsync(string routeKey, Uri address, string apiSecret, bool replace = false, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(routeKey);
        ArgumentNullException.ThrowIfNull(address);
        ArgumentException.ThrowIfNullOrWhiteSpace(apiSecret);
        if (!address.IsAbsoluteUri || !(address.Scheme == Uri.UriSchemeHttps || address.IsLoopback)) throw new ArgumentException("The address must be an absolute https one.", nameof(address));
        var body = new { callbackRouteKey = routeKey, callbackUrl = address.AbsoluteUri, apiSecret, forceUpdate = replace };
        var call = new DingTalkCall(Register, () => DingTalkHosts.Resolve(_client.Options, DingTalkHost.Api) + Register.Path, body, routeKey, [_client.Options.ClientSecret, apiSecret]);
        return _client.SendAsync(call, cancellationToken);
    }

    private static void Check(CardInstance card)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentException.ThrowIfNullOrWhiteSpace(card.OutTrackId);
        if (card.OutTrackId.Length > 100) throw new ArgumentException("A card's outTrackId has at most 100 characters.", nameof(card));
    }

    private static Dictionary<string, object?> Made(CardInstance card)
    {
        Check(card);
        ArgumentException.ThrowIfNullOrWhiteSpace(card.TemplateId);
        if (card.Callback == CardCallbackWay.Http && string.IsNullOrEmpty(card.CallbackRouteKey)) throw new ArgumentException("A card that calls back over HTTP needs a CallbackRouteKey.", nameof(card));
        var body = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["cardTemplateId"] = card.TemplateId,
            ["outTrackId"] = card.OutTrackId,
            ["callbackType"] = card.Callback == CardCallbackWay.Stream ? "STREAM" : "HTTP",
            ["cardData"] = new { cardParamMap = card.Variables.Map },
            ["userIdType"] = card.ByUnionId ? 2 : 1,
        };
        if (card.Callback == CardCallbackWay.Http) body["callbackRouteKey"] = card.CallbackRouteKey;
        if (card.PrivateVariables.Count > 0) body["privateData"] = Private(card.PrivateVariables);
        return body;
    }

    private Dictionary<string, object?> Shown(CardInstance card)
    {
        var body = new Dictionary<string, object?>(StringComparer.Ordinal) { ["openSpaceId"] = CardSpace.Join(card.Spaces) };
        Dictionary<string, string>? last = card.LastMessage is null ? null : new() { ["ZH_CN"] = card.LastMessage };
        if (card.Spaces.Any(s => s.Type == "IM_GROUP"))
        {
            body["imGroupOpenSpaceModel"] = new { supportForward = card.AllowForward, lastMessageI18n = last };
            body["imGroupOpenDeliverModel"] = new
            {
                robotCode = _client.RobotCode, atUserIds = card.At.Count == 0 ? null : card.At, recipients = card.Recipients.Count == 0 ? null : card.Recipients,
            };
        }

        if (card.Spaces.Any(s => s.Type == "IM_ROBOT"))
        {
            body["imRobotOpenSpaceModel"] = new { supportForward = card.AllowForward, lastMessageI18n = last };
            body["imRobotOpenDeliverModel"] = new { spaceType = "IM_ROBOT", robotCode = _client.RobotCode };
        }

        return body;
    }

    private static Dictionary<string, object> Private(IReadOnlyDictionary<string, CardVariables> people)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach ((string person, CardVariables variables) in people)
        {
            if (variables.Bytes > MaxPrivateBytes) throw new ArgumentException($"The private variables of {person} have more than {MaxPrivateBytes} bytes.", nameof(people));
            data[person] = new { cardParamMap = variables.Map };
        }

        return data;
    }

    private async Task<CardDelivered> DeliveredAsync(DingTalkEndpoint endpoint, string outTrackId, object body, CancellationToken cancellationToken)
    {
        var answer = await SendAsync<Answer<DeliverResult>>(endpoint, body, outTrackId, a => a.Success, cancellationToken);
        return new CardDelivered(answer.Result?.OutTrackId ?? outTrackId, answer.Result?.DeliverResults ?? []);
    }

    private async Task<T> SendAsync<T>(DingTalkEndpoint endpoint, object body, string? key, Func<T, bool?> succeeded, CancellationToken cancellationToken)
    {
        T answer = await _client.SendAsync<T>(new DingTalkRequest(endpoint) { Body = body, IdempotencyKey = key }, cancellationToken: cancellationToken);
        if (succeeded(answer) == false) throw new DingTalkApiException($"{endpoint.Id} was answered with HTTP 200 and \"success\": false.") { HttpStatus = 200, Endpoint = endpoint.Id };
        return answer;
    }

    private sealed record Answer<T>(bool? Success, T? Result);

    private sealed record DeliverResult(string? OutTrackId, List<CardSpaceResult>? DeliverResults);
}

/// <summary>Whether more of a text follows.</summary>
public enum AiFrame
{
    /// <summary>More follows.</summary>
    More,

    /// <summary>This is the whole text; no frame is taken afterwards.</summary>
    Finish,

    /// <summary>It failed; the card shows that. No frame is taken afterwards.</summary>
    Fail,
}
