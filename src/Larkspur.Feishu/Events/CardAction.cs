using System.Text.Json;

namespace Larkspur.Feishu.Events;

/// <summary>Somebody used a component of a card: the new callback, <c>card.action.trigger</c>.</summary>
/// <remarks>Answer within 3 s with a <see cref="CardActionResponse"/>; the platform never repeats it. Platform page: cardkit-v1/card-callback-communication.</remarks>
public sealed record CardActionTrigger : IFeishuEvent
{
    /// <inheritdoc/>
    public static string EventType => "card.action.trigger";

    /// <summary>Who did it.</summary>
    public CardOperator Operator { get; init; } = new();

    /// <summary>Card update token, <c>c-…</c>: valid 30 minutes, for two updates. Secret while it lives.</summary>
    public string Token { get; init; } = "";

    /// <summary>What was done.</summary>
    public CardActionDetail Action { get; init; } = new();

    /// <summary><c>im_message</c> or <c>im_top_notice</c>.</summary>
    public string? Host { get; init; }

    /// <summary>Link-preview cards only: <c>url_preview</c>.</summary>
    public string? DeliveryType { get; init; }

    /// <summary>Where the card stands.</summary>
    public CardContext Context { get; init; } = new();

    /// <summary>The view that both callbacks share.</summary>
    public CardAction ToCardAction() => new(Operator, Token, Action, Context.OpenMessageId ?? "", Context.OpenChatId ?? "", Host, IsLegacy: false);

    /// <summary>Not shown: the card token.</summary>
    public override string ToString() => $"card.action.trigger {Action.Tag} by {Operator.OpenId} on {Context.OpenMessageId}";
}

/// <summary>Somebody used a component of a card: the old callback, <c>card.action.trigger_v1</c>, whose fields stand side by side.</summary>
public sealed record LegacyCardAction : IFeishuEvent
{
    /// <inheritdoc/>
    public static string EventType => "card.action.trigger_v1";

    /// <summary>Who did it.</summary>
    public string OpenId { get; init; } = "";

    /// <summary>Who did it; needs <c>contact:user.employee_id:readonly</c>.</summary>
    public string? UserId { get; init; }

    /// <summary>Their tenant.</summary>
    public string? TenantKey { get; init; }

    /// <summary>The message that shows the card.</summary>
    public string? OpenMessageId { get; init; }

    /// <summary>The chat of that message.</summary>
    public string? OpenChatId { get; init; }

    /// <summary>Card update token, <c>c-…</c>.</summary>
    public string Token { get; init; } = "";

    /// <summary>What was done.</summary>
    public CardActionDetail Action { get; init; } = new();

    /// <summary>The view that both callbacks share.</summary>
    public CardAction ToCardAction()
        => new(new CardOperator { OpenId = OpenId, UserId = UserId, TenantKey = TenantKey }, Token, Action, OpenMessageId ?? "", OpenChatId ?? "", null, IsLegacy: true);

    /// <summary>Not shown: the card token.</summary>
    public override string ToString() => $"card.action.trigger_v1 {Action.Tag} by {OpenId} on {OpenMessageId}";
}

/// <summary>A card action, whichever callback brought it.</summary>
/// <param name="Operator">Who did it.</param>
/// <param name="Token">Card update token. Secret while it lives.</param>
/// <param name="Action">What was done.</param>
/// <param name="MessageId">The message that shows the card, <c>om_…</c>, or empty.</param>
/// <param name="ChatId">The chat of that message, <c>oc_…</c>, or empty.</param>
/// <param name="Host"><c>im_message</c>, <c>im_top_notice</c>, or null (old callback).</param>
/// <param name="IsLegacy">It came by the old callback, whose answer has another shape.</param>
public sealed record CardAction(
    CardOperator Operator, string Token, CardActionDetail Action, string MessageId, string ChatId, string? Host, bool IsLegacy)
{
    /// <summary>Reads a callback of either kind.</summary>
    /// <exception cref="JsonException">The body has another shape.</exception>
    /// <exception cref="ArgumentException">It is no card callback.</exception>
    public static CardAction From(FeishuDelivery delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        if (delivery.Kind == FeishuDeliveryKind.LegacyCardCallback) return delivery.Read<LegacyCardAction>().ToCardAction();
        return delivery.EventType == CardActionTrigger.EventType
            ? delivery.Read<CardActionTrigger>().ToCardAction()
            : throw new ArgumentException($"{delivery.EventType} is no card callback.", nameof(delivery));
    }

    /// <summary>Not shown: the card token.</summary>
    public override string ToString() => $"card action {Action.Tag} by {Operator.OpenId} on {MessageId}";
}

/// <summary>Who used a card.</summary>
public sealed record CardOperator
{
    /// <summary>Id within the app.</summary>
    public string OpenId { get; init; } = "";

    /// <summary>Id within the tenant; needs <c>contact:user.employee_id:readonly</c>.</summary>
    public string? UserId { get; init; }

    /// <summary>Id across the apps of one developer.</summary>
    public string? UnionId { get; init; }

    /// <summary>Their tenant.</summary>
    public string? TenantKey { get; init; }
}

/// <summary>What was done with which component.</summary>
public sealed record CardActionDetail
{
    /// <summary>The developer's own value: an object OR a string.</summary>
    public JsonElement Value { get; init; }

    /// <summary>Component kind, e.g. <c>button</c>, <c>select_static</c>.</summary>
    public string Tag { get; init; } = "";

    /// <summary>Component name.</summary>
    public string? Name { get; init; }

    /// <summary>The person's time zone, e.g. <c>Asia/Shanghai</c>.</summary>
    public string? Timezone { get; init; }

    /// <summary>Form submit: every component's value by its name. Multi-select: array; date <c>2026-04-01 +0800</c>; person: open_id.</summary>
    public IReadOnlyDictionary<string, JsonElement>? FormValue { get; init; }

    /// <summary>The same, read by type. Empty outside a form.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public CardFormValues Form => new(FormValue);

    /// <summary>Text of an input outside a form.</summary>
    public string? InputValue { get; init; }

    /// <summary>Choice of a single select, picker or overflow menu outside a form.</summary>
    public string? Option { get; init; }

    /// <summary>Choices of a multi-select outside a form.</summary>
    public IReadOnlyList<string>? Options { get; init; }

    /// <summary>State of a checker outside a form.</summary>
    public bool? Checked { get; init; }

    /// <summary>A member of <see cref="Value"/> as text; <see cref="Value"/> itself when it is a string and <paramref name="name"/> is empty.</summary>
    public string? ValueText(string name = "")
    {
        JsonElement found = Value;
        if (name.Length > 0 && (Value.ValueKind != JsonValueKind.Object || !Value.TryGetProperty(name, out found))) return null;
        return found.ValueKind switch
        {
            JsonValueKind.String => found.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => found.GetRawText(),
            _ => null,
        };
    }
}

/// <summary>Where a card stands.</summary>
public sealed record CardContext
{
    /// <summary>Link-preview cards: the address.</summary>
    public string? Url { get; init; }

    /// <summary>Link-preview cards: the token.</summary>
    public string? PreviewToken { get; init; }

    /// <summary>The message, <c>om_…</c>.</summary>
    public string? OpenMessageId { get; init; }

    /// <summary>The chat, <c>oc_…</c>.</summary>
    public string? OpenChatId { get; init; }
}
