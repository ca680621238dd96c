using System.ComponentModel;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Outbox.Reading;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Webhooks.Deliveries;

/// <summary>Which deliveries of a webhook are wanted, as it stands in the address.</summary>
internal readonly record struct WebhookDeliveryQuery
{
    public const int MostOnPage = 100;
    private const int LongestPerson = 200;

    /// <summary>What forwarded events have before their type.</summary>
    private static readonly string[] Platforms = [PlatformNames.Feishu, "wecom", "dingtalk"];

    /// <summary>The states in the words of the outbox, by those of webhooks.</summary>
    private static readonly Dictionary<string, string> States =
        new(StringComparer.Ordinal) { ["waiting"] = "open", ["delivered"] = "sent", ["dead"] = "dead", ["discarded"] = "discarded" };

    [Description("waiting, delivered, dead or discarded")]
    [FromQuery(Name = "state")]
    public string? State { get; init; }

    [Description("A type of events, like approval.decided or im.message.receive_v1")]
    [FromQuery(Name = "event")]
    public string? Event { get; init; }

    [Description("Made at this time or later, ISO 8601; without an offset it is UTC")]
    [FromQuery(Name = "since")]
    public DateTimeOffset? Since { get; init; }

    [Description("Made before this time")]
    [FromQuery(Name = "until")]
    public DateTimeOffset? Until { get; init; }

    [Description("The reference that people quote")]
    [FromQuery(Name = "reference")]
    public string? Reference { get; init; }

    [Description("The header webhook-id, which its receiver has logged")]
    [FromQuery(Name = "webhook_id")]
    public string? WebhookId { get; init; }

    [Description("A person's id, as the data of the events have it. Looked for in 2,000 deliveries a page, "
        + "of the types that the key may read")]
    [FromQuery(Name = "person")]
    public string? Person { get; init; }

    [Description("Where the page before ended: its next")]
    [FromQuery(Name = "cursor")]
    public long? Cursor { get; init; }

    [Description("1 to 100; default 20")]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    /// <summary>The state's word, by the outbox's.</summary>
    public static string StateOf(string status) => States.FirstOrDefault(state => state.Value == status).Key ?? status;

    /// <summary>The event's type, as those who subscribe name it.</summary>
    public static string TypeOf(string messageType) =>
        Platforms.FirstOrDefault(platform => messageType.StartsWith(platform + ".", StringComparison.Ordinal)) is { } platform
            ? messageType[(platform.Length + 1)..] : messageType;

    /// <summary>What is looked for.</summary>
    /// <exception cref="RequestRefusedException">A value is none.</exception>
    public WebhookFilter Read(KeyGrant caller, string webhook)
    {
        if (Limit is < 1 or > MostOnPage) throw RequestRefusedException.Malformed("bad_limit", "?limit", $"From 1 to {MostOnPage}.");
        if (Person is { Length: > LongestPerson }) throw RequestRefusedException.Malformed("bad_id", "?person",
            $"At most {LongestPerson} characters.");
        return new WebhookFilter(webhook, caller.Readable)
        {
            States = StatesOf(State), Types = TypesOf(Event), Since = Since, Until = Until, Reference = Given(Reference),
                WebhookId = Given(WebhookId),
            Holding = Given(Person), TypesHeld = EventRights.Missing(caller, "*") is null ? null : EventRights.Own,
        };
    }

    private static string[]? StatesOf(string? state)
    {
        if (Given(state) is not { } word) return null;
        return States.TryGetValue(word, out var status) ? [status]
            : throw RequestRefusedException.Malformed("bad_state", "?state", $"A delivery is {string.Join(", ", States.Keys)}.");
    }

    private static string[]? TypesOf(string? type)
    {
        if (Given(type) is not { } given) return null;
        var bare = TypeOf(given);
        if (EventTypes.ProblemOf(bare) is { } problem) throw RequestRefusedException.Malformed("bad_event_type", "?event", problem);
        return bare == given ? [given, .. Platforms.Select(platform => $"{platform}.{given}")] : [given];
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
