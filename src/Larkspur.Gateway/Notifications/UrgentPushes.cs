using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Storage;
using Application = Larkspur.Feishu.Api.Application.V6;

namespace Larkspur.Gateway.Notifications;

/// <summary>Urgent pushes of cards: whether the app may, and whom they reach. <see cref="UrgentPush"/> makes the call.</summary>
/// <remarks>
/// The platform knows no idempotency key for them; the outbox row has one, so a reminder is pushed once, but for an answer that was lost on the way, after which it is
/// pushed again. Of one person 200 urgent messages may be unread (230023); the company has a quota (230024).
/// </remarks>
internal sealed class UrgentPushes(PlatformCalls calls, IDatabase database, TimeProvider clock)
{
    /// <summary>Either is enough.</summary>
    private static readonly string[] Scopes = ["im:message.urgent:app_send", "im:message.urgent"];

    private const int Granted = 1;
    private const int MostPeople = 200;
    private const string QuotaUsedUp = "230024";

    /// <summary>A permission that was there is there for a while; one that is missing may be granted any moment, and is asked for each time.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromMinutes(10);

    /// <summary>After a refusal for the quota the next try is made so much later: an administrator may raise it.</summary>
    private static readonly TimeSpan QuotaRests = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _granted = new(StringComparer.Ordinal);

    /// <summary>The app may push.</summary>
    /// <exception cref="RequestRefusedException"><c>missing_app_scope</c>: it lacks the permission. <c>urgent_quota</c>: the platform said
    /// within the last hour that the quota is used up.</exception>
    public async Task DemandAsync(string appName, CancellationToken cancellation)
    {
        var app = calls.App(appName);
        if (!await IsGrantedAsync(app, cancellation))
        {
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "missing_app_scope", "/urgent",
                $"The app may not push urgent messages: it lacks {string.Join(" or ", Scopes)}. Grant it at https://open.feishu.cn/app/{app.Client.Options.AppId}/auth?q={Scopes[0]} and publish a version of the app; without \"urgent\" the reminder is an answer below the card.");
        }

        var since = clock.GetUtcNow() - QuotaRests;
        if (await database.ReadAsync(sql => OutboxRows.WasRefusedAsync(sql, appName, UrgentPush.Definition, QuotaUsedUp, since), cancellation))
        {
            throw new RequestRefusedException(StatusCodes.Status409Conflict, "urgent_quota", "/urgent",
                "The company's quota of urgent messages is used up: the platform refused one within the last hour. Without \"urgent\" the reminder is an answer below the card.");
        }
    }

    /// <summary>The push of a card; null: nobody is known whom it could reach.</summary>
    public static OutboxMessage? Of(NotificationRow notification, DeliveryRow delivery)
    {
        // In a group those who may decide are pushed, as far as they are known by their open ids.
        var (type, people) = delivery.TargetType == "chat_id" ? ("open_id", notification.Approvers.Where(id => id.StartsWith("ou_", StringComparison.Ordinal)).Take(MostPeople).ToArray()) : (delivery.TargetType, [delivery.Target]);
        return people.Length == 0 ? null
            : UrgentPush.Message(delivery.MessageId!, new JsonObject { ["user_id_type"] = type, ["user_id_list"] = new JsonArray([.. people.Select(p => (JsonNode)p)]) }.ToJsonString());
    }

    private async Task<bool> IsGrantedAsync(FeishuApp app, CancellationToken cancellation)
    {
        var id = app.Client.Options.AppId;
        if (_granted.TryGetValue(id, out var until) && until > clock.GetUtcNow()) return true;
        Application.ScopeListResponse answer;
        try
        {
            answer = await app.Client.Application.V6.Scope.ListAsync(calls.Call(app, Application.Endpoints.ScopeList), cancellation);
        }
        catch (FeishuApiException e) when (!e.IsTransient)
        {
            // What the platform does not tell is found out by the call itself.
            return true;
        }

        var granted = (answer.Scopes ?? []).Any(s => s.GrantStatus == Granted && Scopes.Contains(s.ScopeName, StringComparer.Ordinal));
        if (granted) _granted[id] = clock.GetUtcNow() + Believed;
        return granted;
    }
}
