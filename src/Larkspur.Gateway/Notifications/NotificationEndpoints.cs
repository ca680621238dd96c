using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.People;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Webhooks;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Notifications;

/// <summary>Sending business notifications, looking at them, and saying how they ended.</summary>
internal sealed class NotificationEndpoints(IDatabase database, NotificationStore store, NotificationIntake sending, NotificationTypeRegistry types, NotificationVariables variables, NotificationActions actions, SubjectResolver resolving, IntegrationGuard gate,
    PlatformCalls calls, IWebhookEndpoints webhooks)
{
    private const int LargestBody = 50 << 10;
    private const int LongestSubject = 200;

    /// <summary>Keys of callers have a name space of their own: none can meet a key of the gateway's.</summary>
    private const string KeySpace = "rest:";
    private const int ShownClicks = 50;
    private const int MostOnPage = 100;

    /// <summary>Notifications of a subject that the answer shows.</summary>
    private const int ShownOfSubject = 200;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/notifications", (HttpContext http, NotificationEndpoints on, CancellationToken cancellation) => on.SendAsync(http, cancellation))
            .WithName("SendNotification").TakesIdempotencyKey().WithSummary("Tell people of a business event")
            .WithDescription("The notification is durable when 202 is answered: each recipient's card is sent once, however often the call is repeated under one Idempotency-Key. 409 feishu_disabled: the integration is off.")
            .Takes<SendNotification>().Produces<NotificationView>(StatusCodes.Status202Accepted)
            .CallsPlatform().Needs(ApiScopes.NotificationsWrite);
        api.MapGet("/notifications", ([AsParameters] NotificationQuery query, KeyGrant caller, NotificationEndpoints on, CancellationToken cancellation) => on.ListAsync(caller, query, cancellation))
            .WithName("ListNotifications").WithSummary("Notifications, the newest first")
            .Produces<NotificationList>().Refuses(400).Needs(ApiScopes.NotificationsRead);
        api.MapGet("/notifications/{id}", (string id, KeyGrant caller, NotificationEndpoints on, CancellationToken cancellation) => on.GetAsync(caller, id, cancellation))
            .WithName("GetNotification").WithSummary("What became of a notification, recipient by recipient")
            .Produces<NotificationView>().Refuses(404).Needs(ApiScopes.NotificationsRead);
        api.MapPost("/notifications/resolve", (HttpContext http, NotificationEndpoints on, CancellationToken cancellation) => on.ResolveSubjectAsync(http, cancellation))
            .WithName("ResolveSubject").WithSummary("Say on all cards of a subject how it ended")
            .WithDescription("Of all notifications of the key's system that the subject has now (with others:write of all systems), in small steps, durably: what was asked for is done even if this process ends. Of more than a thousand the rest follows within moments (pending).")
            .Takes<ResolveNotification>().Produces<ChangedNotifications>()
            .Refuses(400, 404, 409, 413, 415, 422, 503).Needs(ApiScopes.NotificationsWrite);
        api.MapPost("/notifications/{id}/resolve", (string id, HttpContext http, NotificationEndpoints on, CancellationToken cancellation) => on.ResolveAsync(id, http, cancellation))
            .WithName("ResolveNotification").WithSummary("Say on a notification's cards how it ended")
            .WithDescription("Cards that were sent are changed in place; those that have not left yet leave with their last face. Buttons to decide with go.")
            .Takes<ResolveNotification>().Produces<NotificationView>()
            .Refuses(400, 404, 409, 413, 415, 422, 503).Needs(ApiScopes.NotificationsWrite);
        api.MapPost("/notifications/{id}/recall", (string id, HttpContext http, NotificationEndpoints on, CancellationToken cancellation) => on.RecallAsync(id, http, cancellation))
            .WithName("RecallNotification").WithSummary("Take a notification's cards back")
            .Produces<NotificationView>().Refuses(404, 409, 503).Needs(ApiScopes.NotificationsWrite);
        api.MapPost("/notifications/{id}/remind", (string id, HttpContext http, NotificationEndpoints on, CancellationToken cancellation) => on.RemindAsync(id, http, cancellation))
            .WithName("RemindOfNotification").TakesIdempotencyKey().WithSummary("Nudge those who have not decided")
            .WithDescription("A short answer below each card; with urgent an urgent push of it instead. Once in five minutes; a repeat under one Idempotency-Key nudges nobody twice.")
            .Takes<RemindOfNotification>().GoesWithoutBody().Produces<NotificationView>(StatusCodes.Status202Accepted)
            .Refuses(400, 403, 404, 409, 413, 415, 503).Needs(ApiScopes.NotificationsWrite);
    }

    private async Task<IResult> SendAsync(HttpContext http, CancellationToken cancellation)
    {
        gate.Demand();
        var body = await RequestJson.ReadAsync(http.Request, LargestBody, cancellation);
        var hash = body.Hash();
        var caller = Caller.Grant(http);
        var app = calls.App(caller, body.Text("app"), body.At("app"));
        var owned = IdempotencyKey.Read(http.Request, body.Text("key", IdempotencyKey.Longest));
        var key = KeySpace + owned;
        var unowned = IdempotencyKey.Unowned(owned) is { } word ? KeySpace + word : null;
        if (await sending.RepeatedAsync(app.Name, key, unowned, Caller.Of(http).Name, hash, cancellation) is { } before) return await AcceptedAsync(before, cancellation);

        var name = body.Need("event", body.Text("event", 80));
        var type = await types.FindAsync(name, cancellation)
            ?? throw RequestRefusedException.Impossible("unknown_event", body.At("event"), $"There is no notification type \"{JsonFields.Shown(name)}\". GET /api/v1/notification-types lists them.");
        var values = variables.Check(type, body.Any("variables"), body.At("variables"));
        var recipients = RecipientsOf(body, type, values);
        var (webhook, approvers, applicant) = DecisionOf(caller, body, type);
        var subject = body.Text("subject", LongestSubject);
        body.End();
        var sent = await sending.SendAsync(new NotificationDraft
        {
            App = app, Type = type, Values = values, Recipients = recipients, Approvers = approvers, Applicant = applicant, Subject = subject, Webhook = webhook,
            Key = key, BodyHash = hash, Caller = caller,
        }, cancellation);
        return await AcceptedAsync(sent, cancellation);
    }

    private async Task<IResult> GetAsync(KeyGrant caller, string id, CancellationToken cancellation)
    {
        var view = await database.ReadAsync(async sql => await store.FindAsync(sql, id) is { } row && caller.MayRead(row.Owner) && caller.MayUse(row.App)
            ? NotificationView.Of(row, await store.DeliveriesAsync(sql, row.Seq), await store.ClicksAsync(sql, row.Seq, ShownClicks)) : null, cancellation);
        return TypedResults.Ok(view ?? throw NotFound());
    }

    private async Task<IResult> ListAsync(KeyGrant caller, NotificationQuery query, CancellationToken cancellation)
    {
        var limit = query.Limit ?? 20;
        if (limit is < 1 or > MostOnPage) throw RequestRefusedException.Malformed("bad_limit", "?limit", $"A page has 1 to {MostOnPage} notifications.");
        var list = await database.ReadAsync(async sql =>
        {
            var rows = await store.ListAsync(sql, query.Subject, query.Event, query.State, query.Cursor, limit + 1, caller.Readable);
            var items = new List<NotificationView>();
            foreach (var row in rows.Take(limit)) items.Add(NotificationView.Of(row, await store.DeliveriesAsync(sql, row.Seq)));
            return new NotificationList(items, rows.Count > limit ? rows[limit - 1].Seq : null);
        }, cancellation);
        return TypedResults.Ok(list);
    }

    private async Task<IResult> ResolveAsync(string id, HttpContext http, CancellationToken cancellation)
    {
        gate.Demand();
        var body = await RequestJson.ReadAsync(http.Request, LargestBody, cancellation);
        var resolved = ResolutionOf(body);
        body.End();
        var row = await FindAsync(Caller.Grant(http), id, cancellation);
        await actions.ResolveAsync(row, resolved, Caller.Of(http), cancellation);
        return TypedResults.Ok((await ViewsAsync([row], cancellation))[0]);
    }

    private async Task<IResult> ResolveSubjectAsync(HttpContext http, CancellationToken cancellation)
    {
        gate.Demand();
        var body = await RequestJson.ReadAsync(http.Request, LargestBody, cancellation);
        var subject = body.Need("subject", body.Text("subject", LongestSubject));
        var type = body.Text("event", 80);
        var resolved = ResolutionOf(body);
        body.End();
        var (count, pending) = await resolving.ResolveAsync(subject, type, resolved, Caller.Grant(http), cancellation);
        var shown = (await database.ReadAsync(sql => store.ListAsync(sql, subject, type, null, null, ShownOfSubject, Caller.Grant(http).Changeable), cancellation)).Where(r => !r.Test && NotificationActions.IsShown(r)).ToArray();
        return TypedResults.Ok(new ChangedNotifications(await ViewsAsync(shown, cancellation), count, pending));
    }

    private async Task<IResult> RecallAsync(string id, HttpContext http, CancellationToken cancellation)
    {
        gate.Demand();
        var row = await FindAsync(Caller.Grant(http), id, cancellation);
        await actions.RecallAsync(row, Caller.Of(http), cancellation);
        return TypedResults.Ok((await ViewsAsync([row], cancellation))[0]);
    }

    private async Task<IResult> RemindAsync(string id, HttpContext http, CancellationToken cancellation)
    {
        gate.Demand();
        var body = http.Request.ContentLength is null or 0 && !http.Request.HasJsonContentType() ? null : await RequestJson.ReadAsync(http.Request, LargestBody, cancellation);
        var key = IdempotencyKey.Read(http.Request, body?.Text("key", IdempotencyKey.Longest));
        var urgent = body?.Truth("urgent") ?? false;
        body?.End();
        var row = await FindAsync(Caller.Grant(http), id, cancellation);
        await actions.RemindAsync(row, key, Caller.Of(http), cancellation, urgent);
        return TypedResults.Accepted($"/api/v1/notifications/{id}", (await ViewsAsync([row], cancellation))[0]);
    }

    private static List<Recipient> RecipientsOf(JsonFields body, NotificationType type, IReadOnlyDictionary<string, NotificationValue> values)
    {
        if (body.Any("recipients") is { } given) return ListOf(given, body.At("recipients"));
        var byRule = type.Recipients.Select(rule => rule.Variable is { } variable ? values.GetValueOrDefault(variable)?.Person : rule.Fixed).OfType<Recipient>().ToList();
        if (byRule.Count > 0) return byRule;
        var wanted = type.Recipients.Select(r => r.Variable).OfType<string>().ToArray();
        throw RequestRefusedException.Malformed("missing", body.At("recipients"),
            wanted.Length == 0 ? "\"recipients\" is missing, and the type has no rule." : $"\"recipients\" is missing, and the type's rule names nobody: give the variable {string.Join(" or ", wanted)} as a recipient, like {{\"email\": \"…\"}}.");
    }

    private (string? Webhook, IReadOnlyList<Recipient>? Approvers, Recipient? Applicant) DecisionOf(KeyGrant caller, JsonFields body, NotificationType type)
    {
        var at = body.At("decision");
        if (body.Object("decision") is not { } decision) return (null, null, null);
        if (!type.Decision) throw RequestRefusedException.Impossible("no_decision", at, $"Notifications of the type {type.Name} ask for no decision.");
        var webhook = decision.Text("webhook", 40);
        if (webhook is not null && !webhooks.MayName(caller, webhook))
            throw RequestRefusedException.Impossible("unknown_webhook", decision.At("webhook"), $"There is no webhook \"{JsonFields.Shown(webhook)}\" of the calling key's system or of the administrators.");
        var approvers = decision.Any("approvers") is { } list ? ListOf(list, decision.At("approvers")) : null;
        var applicant = decision.Any("applicant") is { } one ? Recipient.Read(one, decision.At("applicant")) : null;
        if (applicant is { Address: null }) throw RequestRefusedException.Impossible("bad_applicant", decision.At("applicant"), "The applicant is one person.");
        decision.End();
        return (webhook, approvers, applicant);
    }

    private static List<Recipient> ListOf(JsonElement list, string at)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0) throw RequestRefusedException.Malformed("wrong_type", at, "It must be a list of recipients, like [{\"email\": \"…\"}].");
        if (list.GetArrayLength() > Recipients.Most) throw RequestRefusedException.Impossible("too_many_recipients", at, $"There may be {Recipients.Most} of them.");
        return [.. list.EnumerateArray().Select((one, i) => Recipient.Read(one, $"{at}/{i.ToString(CultureInfo.InvariantCulture)}"))];
    }

    private static NotificationResolution ResolutionOf(JsonFields body)
    {
        var word = body.Need("status", body.Text("status", 20));
        string[] words = [.. Enum.GetNames<CardStatus>().Select(n => n.ToLowerInvariant())];
        var status = Array.IndexOf(words, word) is >= 0 and var index ? Enum.GetValues<CardStatus>()[index]
            : throw RequestRefusedException.Impossible("bad_status", body.At("status"), $"\"{JsonFields.Shown(word)}\" is none of {string.Join(", ", words)}.");
        var text = body.Need("text", NotificationTypeReader.BothOf(body, "text", CardMessageLimits.Line));
        var by = body.Text("by", CardMessageLimits.Label);
        var at = body.At("at");
        return body.Text("at", 40) is not { } time ? new NotificationResolution(status, text, by, null)
            : DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? new NotificationResolution(status, text, by, moment)
            : throw RequestRefusedException.Malformed("wrong_type", at, "It must be a time like 2026-04-01T14:02:00+08:00.");
    }

    /// <summary>One that the caller may change.</summary>
    private async Task<NotificationRow> FindAsync(KeyGrant caller, string id, CancellationToken cancellation)
    {
        var row = await database.ReadAsync(sql => store.FindAsync(sql, id), cancellation) ?? throw NotFound();
        caller.DemandChange(row.Owner, row.App, NotFound);
        return row;
    }

    private async Task<IResult> AcceptedAsync(NotificationRow row, CancellationToken cancellation) =>
        TypedResults.Accepted($"/api/v1/notifications/{row.Id}", (await ViewsAsync([row], cancellation))[0]);

    private Task<IReadOnlyList<NotificationView>> ViewsAsync(IReadOnlyList<NotificationRow> rows, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<NotificationView>>(async sql =>
    {
        var views = new List<NotificationView>(rows.Count);
        foreach (var row in rows) views.Add(NotificationView.Of(await store.FindAsync(sql, row.Seq) ?? row, await store.DeliveriesAsync(sql, row.Seq)));
        return views;
    }, cancellation);

    private static RequestRefusedException NotFound() => new(StatusCodes.Status404NotFound, "not_found", "/{id}", $"No notification has this id. {KeyGrant.OthersHint}");
}

/// <summary>The query of the list.</summary>
internal readonly record struct NotificationQuery
{
    [Description("Only notifications of this business object")]
    [FromQuery(Name = "subject")]
    public string? Subject { get; init; }

    [Description("Only notifications of this type")]
    [FromQuery(Name = "event")]
    public string? Event { get; init; }

    [Description("Only notifications in this state")]
    [FromQuery(Name = "state")]
    public string? State { get; init; }

    [Description("Where the page before ended: its next")]
    [FromQuery(Name = "cursor")]
    public long? Cursor { get; init; }

    [Description("Notifications on a page, 1 to 100; default 20")]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }
}
