using System.Text.Json.Nodes;
using Larkspur.WeCom.Cards;

namespace Larkspur.WeCom.Messages;

/// <summary>Application messages: send, update the card, recall.</summary>
/// <remarks>
/// Each member named takes a permit from 16 a minute: the platform drops silently what is above 30 a minute or 1,000 an hour from one app, and 16 keeps both. Members behind departments, tags
/// and "everybody" are not known here, and not counted.
/// </remarks>
public sealed class WeComMessages
{
    private static readonly WeComEndpoint Send = WeComEndpoint.Write("message.send", "/cgi-bin/message/send") with { PerMinute = null };
    private static readonly WeComEndpoint Update = WeComEndpoint.Write("message.update_template_card", "/cgi-bin/message/update_template_card");
    private static readonly WeComEndpoint Recall = WeComEndpoint.Write("message.recall", "/cgi-bin/message/recall") with { IsRepeatable = true };
    private static readonly RateLimit PerMember = new(null, 16);

    private readonly WeComClient _client;

    internal WeComMessages(WeComClient client) => _client = client;

    /// <summary>Sends.</summary>
    /// <param name="target">To whom.</param>
    /// <param name="content">What.</param>
    /// <param name="options">How; null: without a duplicate check, so that a lost answer is not followed by another try.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="WeComContentException">A rule is broken; nothing was sent.</exception>
    /// <exception cref="WeComApiException">The platform said no: 81013 when it knows none of the recipients.</exception>
    /// <exception cref="PlatformNetworkException">No answer came in time.</exception>
    public Task<SentMessage> SendAsync(MessageTarget target, MessageContent content, SendMessageOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(content);
        options ??= new SendMessageOptions();
        var problems = new ContentProblems();
        target.Judge(problems);
        content.Judge(problems);
        options.Judge(problems);
        if (content is MiniProgramNoticeContent && (target.IsEverybody || target.Departments.Count + target.Tags.Count > 0 && target.Users.Count == 0)) problems.Add("miniprogram_notice", "goes to people by name");
        problems.ThrowIfAny();

        int agent = Agent();
        var body = new JsonObject();
        target.AddTo(body);
        body["msgtype"] = content.Type;
        body["agentid"] = agent;
        body[content.Type] = content.Body();
        if (options.Confidential) body["safe"] = 1;
        if (options.TranslateIds) body["enable_id_trans"] = 1;
        if (options.DuplicateCheck is { } window)
        {
            body["enable_duplicate_check"] = 1;
            body["duplicate_check_interval"] = (int)window.TotalSeconds;
        }

        return _client.SendAsync<SentMessage>(new WeComRequest(Send)
        {
            Body = body,
            // The platform counts the window from the first try, and the last one leaves when the call's time is nearly over.
            IsIdempotent = options.DuplicateCheck is { } check && Math.Floor(check.TotalSeconds) >= (_client.Options.CallTimeout + SendMessageOptions.DuplicateCheckMargin).TotalSeconds,
            Budgets = [.. target.Users.Select(user => new RateLimitBudget($"wecom:{_client.Options.CorpId}:{agent}:member:{user.ToLowerInvariant()}", PerMember))],
        }, cancellationToken: cancellationToken);
    }

    /// <summary>Changes a card that was sent. A response code is good for one update within 72 hours; it comes with the sent message and with each click.</summary>
    /// <remarks>Never repeated by itself: a repetition would find the code used (60140).</remarks>
    /// <param name="responseCode">Which card.</param>
    /// <param name="change">Into what.</param>
    /// <param name="target">For whom; null: everybody who has it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="WeComContentException">A rule is broken; nothing was sent.</exception>
    /// <exception cref="WeComApiException">60140: used, expired or wrong; 42015: another app's card.</exception>
    public Task<UpdatedCard> UpdateCardAsync(string responseCode, CardChange change, MessageTarget? target = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(responseCode);
        ArgumentNullException.ThrowIfNull(change);
        target ??= MessageTarget.Everybody;
        var problems = new ContentProblems();
        target.Judge(problems);
        change.Judge(problems);
        problems.ThrowIfAny();
        var body = new JsonObject { ["agentid"] = Agent(), ["response_code"] = responseCode };
        if (target.IsEverybody) body["atall"] = 1;
        if (target.Users.Count > 0) body["userids"] = new JsonArray([.. target.Users.Select(u => JsonValue.Create(u))]);
        if (target.Departments.Count > 0) body["partyids"] = new JsonArray([.. target.Departments.Select(d => JsonValue.Create(d))]);
        if (target.Tags.Count > 0) body["tagids"] = new JsonArray([.. target.Tags.Select(t => JsonValue.Create(t))]);
        change.AddTo(body);
        return _client.SendAsync<UpdatedCard>(new WeComRequest(Update) { Body = body, Secrets = [responseCode] }, cancellationToken: cancellationToken);
    }

    /// <summary>Takes a message back, within 24 hours.</summary>
    /// <exception cref="WeComApiException">42052: too old; 40058: another app's.</exception>
    public Task RecallAsync(string messageId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(messageId);
        return _client.SendAsync(new WeComRequest(Recall) { Body = new JsonObject { ["msgid"] = messageId } }, cancellationToken: cancellationToken);
    }

    private int Agent() => _client.Options.AgentId ?? throw new InvalidOperationException("Application messages need WeComOptions.AgentId.");
}

/// <summary>What becomes of a card.</summary>
public sealed class CardChange
{
    private readonly string? _button;
    private readonly TemplateCard? _card;

    private CardChange(string? button, TemplateCard? card) => (_button, _card) = (button, card);

    /// <summary>Its buttons become one grey text (buttons, votes and choices only).</summary>
    public static CardChange Button(string replaceName) => new(replaceName, null);

    /// <summary>It becomes another card, of any kind.</summary>
    public static CardChange Card(TemplateCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        return new CardChange(null, card);
    }

    internal void Judge(ContentProblems problems)
    {
        if (_card is null) problems.Required("button.replace_name", _button);
        _card?.Judge(problems, CardPlace.App, isUpdate: true);
    }

    internal void AddTo(JsonObject body)
    {
        if (_card is not null) body["template_card"] = _card.ToJson();
        else body["button"] = new JsonObject { ["replace_name"] = _button };
    }
}
