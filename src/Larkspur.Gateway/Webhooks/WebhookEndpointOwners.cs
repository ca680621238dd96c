using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Webhooks;

/// <summary>Which webhooks hear of what a system made, and which a caller may name.</summary>
internal static class WebhookEndpointOwners
{
    /// <summary>The webhooks that are told of something, and whose the delivery is.</summary>
    /// <param name="webhooks">All of them.</param>
    /// <param name="type">What happened.</param>
    /// <param name="owner">Whose it is; empty: no single system's.</param>
    /// <param name="app">The app by which it happened.</param>
    /// <param name="named">The one that was named when it was made; null: all that want the type.</param>
    /// <remarks>One that was named is asked again: its name may be another system's by now.</remarks>
    public static IReadOnlyList<WebhookEndpoint> Hearing(this IWebhookEndpoints webhooks, string type, string owner, string app, string? named)
    {
        if (named is null) return [.. webhooks.All.Where(d => d.Wants(type) && d.Hears(owner) && d.Takes(app))];
        return webhooks.Find(named) is { } one && (owner.Length == 0 || one.Hears(owner)) ? [one] : [];
    }

    /// <summary>The caller may have this webhook told of what he makes: it is his own system's, or the administrators'.</summary>
    public static bool MayName(this IWebhookEndpoints webhooks, KeyGrant caller, string name) =>
        webhooks.Find(name) is { } one && (one.Owner.Length == 0 || caller.MayChange(one.Owner));

    /// <summary>A webhook message is the receiving system's; of one to the administrators' webhooks it is the system's whose thing it tells of.</summary>
    public static OutboxMessage OwnedBy(this OutboxMessage message, WebhookEndpoint webhook, string owner) =>
        message with { Owner = webhook.Owner.Length > 0 ? webhook.Owner : owner };
}
