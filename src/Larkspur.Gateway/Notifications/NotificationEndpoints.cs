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
    /// <summary>Keys of callers have a name space of their own: none can meet a key of the gateway's.</summary>
    private const string KeySpace = "rest:";
    private const int ShownClicks = 50;
    private const int MostOnPage = 100;

    /// <summary>Notifications of a subject that the answer shows.</summary>
    private const int ShownOfSubject = 200;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/notifications", (Body<SendNotification> body, NotificationEndpoints on, CancellationToken cancellation) =>
                on.SendAsync(body, cancellation))
            .WithName("SendNotification").TakesIdempotencyKey().WithSummary("Tell people of a business event")
            .WithDescription("The notification is durable when 202 is answered: each recipient's card is sent once, however often the call is repeated under one Idempotency-Key. 409 feishu_disabled: the integration is off.")
            .Produces<NotificationView>(StatusCodes.Status202Accepted)
            .CallsPlatform().Needs(ApiScopes.NotificationsWrite);
        api.MapGet("/notifications", ([AsParameters] NotificationQuery query, KeyGrant caller, NotificationEndpoints on, CancellationToken cancellation) => on.ListAsync(caller, query, cancellation))
            .WithName("ListNotifications").WithSummary("Notifications, the newest first")
            .Produces<NotificationList>().Refuses(400).Needs(ApiScopes.NotificationsRead);
        api.MapGet("/notifications/{id}", (string id, KeyGrant caller, NotificationEndpoints on, CancellationToken cancellation) => on.GetAsync(caller, id, cancellation))
            .WithName("GetNotification").WithSummary("What became of a notification, recipient by recipient")
            .Produces<NotificationView>().Refuses(404).Needs(ApiScopes.NotificationsRead);
        api.MapPost("/notifications/resolve", (Body<ResolveSubject> body, NotificationEndpoints on, CancellationToken cancellation) =>
                on.ResolveSubjectAsync(body, cancellation))
            .WithName("ResolveSubject").WithSummary("Say on all cards of a subject how it ended")
            .WithDescription("Of all notifications of the key's system that the subject has now (with others:write of all systems), in small steps, durably: what was asked for is done even if this process ends. Of more than a thousand the rest follows within moments (pending).")
            .Produces<ChangedNotifications>()
            .Refuses(400, 404, 409, 413, 415, 422, 503).Needs(ApiScopes.NotificationsWrite);
        api.MapPost("/notifications/{id}/resolve", (string id, Body<ResolveNotification> body, NotificationEndpoints on,
            CancellationToken cancellation) =>
                on.ResolveAsync(id, body, cancellation))
            .WithName("ResolveNotification").WithSummary("Say on a notification's cards how it ended")
            .WithDescription("Cards that were sent are changed in place; those that have not left yet leave with their last face. Buttons to decide with go.")
            .Produces<NotificationView>()
            .Refuses(400, 404, 409, 413, 415, 422, 503).Needs(ApiScopes.NotificationsWrite);
        api.MapPost("/notifications/{id}/recall", (string id, HttpContext http, NotificationEndpoints on, CancellationToken cancellation) => on.RecallAsync(id, http, cancellation))
            .WithName("RecallNotification").WithSummary("Take a notification's cards back")
            .Produces<NotificationView>().Refuses(404, 409, 503).Needs(ApiScopes.NotificationsWrite);
        api.MapPost("/notifications/{id}/remind", (string id, Body<RemindOfNotification> body, NotificationEndpoints on,
            CancellationToken cancellation) =>
                on.RemindAsync(id, body, cancellation))
            .WithName("RemindOfNotification").TakesIdempotencyKey().WithSummary("Nudge those who have not decided")
            .WithDescription("A short answer below each card; with urgent an urgent push of it instead. Once in five minutes; a repeat under one Idempotency-Key nudges nobody twice.")
            .GoesWithoutBody().Produces<NotificationView>(StatusCodes.Status202Accepted)
            .Refuses(400, 403, 404, 409, 413, 415, 503).Needs(ApiScopes.NotificationsWrite);
    }

    private async Task<IResult> SendAsync(Body<SendNotification> body, CancellationToken cancellation)
    {
        gate.Demand();
        var (named, hash, caller) = (await body.ReadAsync(cancellation), RequestHash.Of(body.Sent), Caller.Grant(body.Http));
        var app = calls.App(caller, named.App, "/app");
        var owned = IdempotencyKey.Read(body.Http.Request, named.Key);
        var key = KeySpace + owned;
        var unowned = IdempotencyKey.Unowned(owned) is { } word ? KeySpace + word : null;
        if (await sending.RepeatedAsync(app.Name, key, unowned, caller.Who.Name, hash, cancellation) is { } before)
            return await AcceptedAsync(before, cancellation);

        var type = await types.FindAsync(named.Event, cancellation)
            ?? throw RequestRefusedException.Impossible("unknown_event", "/event",
                RequestTexts.UnknownEvent(JsonFields.Shown(named.Event))
                    .OrMeant(named.Event, (await types.AllAsync(cancellation)).Select(known => known.Name)));
        var values = variables.Check(type, named.Variables, "/variables");
        var recipients = RecipientsOf(named, type, values);
        var (webhook, approvers, applicant) = DecisionOf(caller, named.Decision, type);
        var sent = await sending.SendAsync(new NotificationDraft
        {
            App = app, Type = type, Values = values, Recipients = recipients, Approvers = approvers, Applicant = applicant,
            Subject = named.Subject, Webhook = webhook,
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

    private async Task<IResult> ResolveAsync(string id, Body<ResolveNotification> body, CancellationToken cancellation)
    {
        gate.Demand();
        var resolved = ResolutionOf(await body.ReadAsync(cancellation), body.Free());
        var row = await FindAsync(Caller.Grant(body.Http), id, cancellation);
        await actions.ResolveAsync(row, resolved, Caller.Of(body.Http), cancellation);
        return TypedResults.Ok((await ViewsAsync([row], cancellation))[0]);
    }

    private async Task<IResult> ResolveSubjectAsync(Body<ResolveSubject> body, CancellationToken cancellation)
    {
        gate.Demand();
        var sent = await body.ReadAsync(cancellation);
        var (subject, type, caller) = (sent.Subject, sent.Event, Caller.Grant(body.Http));
        var (count, pending) = await resolving.ResolveAsync(subject, type, ResolutionOf(sent, body.Free()), caller, cancellation);
        var rows = await database.ReadAsync(
            sql => store.ListAsync(sql, subject, type, null, null, ShownOfSubject, caller.Changeable), cancellation);
        var shown = rows.Where(r => !r.Test && NotificationActions.IsShown(r)).ToArray();
        return TypedResults.Ok(new ChangedNotifications(await ViewsAsync(shown, cancellation), count, pending));
    }

    private async Task<IResult> RecallAsync(string id, HttpContext http, CancellationToken cancellation)
    {
        gate.Demand();
        var row = await FindAsync(Caller.Grant(http), id, cancellation);
        await actions.RecallAsync(row, Caller.Of(http), cancellation);
        return TypedResults.Ok((await ViewsAsync([row], cancellation))[0]);
    }

    private async Task<IResult> RemindAsync(string id, Body<RemindOfNotification> body, CancellationToken cancellation)
    {
        gate.Demand();
        var sent = await body.ReadIfAnyAsync(cancellation);
        var key = IdempotencyKey.Read(body.Http.Request, sent?.Key);
        var row = await FindAsync(Caller.Grant(body.Http), id, cancellation);
        await actions.RemindAsync(row, key, Caller.Of(body.Http), cancellation, sent?.Urgent ?? false);
        return TypedResults.Accepted($"/api/v1/notifications/{id}", (await ViewsAsync([row], cancellation))[0]);
    }

    private static List<Recipient> RecipientsOf(
        SendNotification sent, NotificationType type, IReadOnlyDictionary<string, NotificationValue> values)
    {
        if (sent.Recipients is { } given) return ListOf(given, "/recipients");
        var byRule = type.Recipients.Select(rule => rule.Variable is { } variable ? values.GetValueOrDefault(variable)?.Person : rule.Fixed)
            .OfType<Recipient>().ToList();
        if (byRule.Count > 0) return byRule;
        var wanted = type.Recipients.Select(r => r.Variable).OfType<string>().ToArray();
        throw RequestRefusedException.Malformed("missing", "/recipients", "\"recipients\" is missing, and the type" + (wanted.Length == 0
            ? " has no rule."
            : $"'s rule names nobody: give the variable {string.Join(" or ", wanted)} as a recipient, like {{\"email\": \"…\"}}."));
    }

    private (string? Webhook, IReadOnlyList<Recipient>? Approvers, Recipient? Applicant) DecisionOf(
        KeyGrant caller, NotificationDecisionBody? decision, NotificationType type)
    {
        if (decision is null) return (null, null, null);
        if (!type.Decision)
            throw RequestRefusedException.Impossible("no_decision", "/decision",
                $"Notifications of the type {type.Name} ask for no decision.");
        if (decision.Webhook is { } webhook && !webhooks.MayName(caller, webhook))
        {
            throw RequestRefusedException.Impossible("unknown_webhook", "/decision/webhook",
                $"There is no webhook \"{JsonFields.Shown(webhook)}\" of the calling key's system or of the administrators.");
        }

        var approvers = decision.Approvers is { } list ? ListOf(list, "/decision/approvers") : null;
        var applicant = decision.Applicant is { } one ? Recipient.Of(one, "/decision/applicant") : null;
        if (applicant is { Address: null })
            throw RequestRefusedException.Impossible("bad_applicant", "/decision/applicant", "The applicant is one person.");
        return (decision.Webhook, approvers, applicant);
    }

    private static List<Recipient> ListOf(IReadOnlyList<RecipientBody> list, string at) => list.Count > 0
        ? [.. list.Select((one, i) => Recipient.Of(one, $"{at}/{i.ToString(CultureInfo.InvariantCulture)}"))]
        : throw BodyRefusals.Wrong(at, "a list of recipients, like [{\"email\": \"…\"}]");

    private static NotificationResolution ResolutionOf(ResolutionBody sent, JsonFields said)
    {
        string[] words = [.. Enum.GetNames<CardStatus>().Select(n => n.ToLowerInvariant())];
        var status = Array.IndexOf(words, sent.Status) is >= 0 and var index ? Enum.GetValues<CardStatus>()[index]
            : throw RequestRefusedException.Impossible("bad_status", "/status",
                $"\"{JsonFields.Shown(sent.Status)}\" is none of {string.Join(", ", words)}.");
        return new NotificationResolution(status, NotificationTypeReader.BothOf(said, "text", CardMessageLimits.Line)!, sent.By, sent.At);
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
