using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.People;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Notifications;

/// <summary>Notification types: looking at them, defining and trying them.</summary>
internal sealed class NotificationTypeEndpoints(NotificationTypeRegistry types, TemplatePreview rehearsal, NotificationStore store, IDatabase database, IntegrationGuard gate, ISettings settings, PlatformCalls calls)
{
    private const int LargestBody = 100 << 10;

    /// <summary>A type. What PUT takes is what is in its definition.</summary>
    internal sealed record NotificationTypeView(string Name, TextView Title, TextView? Description, bool BuiltIn, bool Changed, bool Enabled, string? Switch, bool Decision, string QuietHours,
        JsonElement Definition, DateTimeOffset? ChangedAt, string? ChangedBy);

    internal sealed record NotificationTypeList(IReadOnlyList<NotificationTypeView> Items);

    /// <summary>A card and its text.</summary>
    internal sealed record NotificationPreview(TextView Title, JsonElement Card, IReadOnlyList<string> Notes, string Text, IReadOnlyList<CardFindingView> Findings);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/notification-types", (NotificationTypeEndpoints on, CancellationToken cancellation) => on.ListAsync(cancellation))
            .WithName("ListNotificationTypes").WithSummary("The kinds of business events that people are told of")
            .Produces<NotificationTypeList>().Refuses().Needs(ApiScopes.NotificationsRead);
        api.MapGet("/notification-types/{name}", (string name, NotificationTypeEndpoints on, CancellationToken cancellation) => on.GetAsync(name, cancellation))
            .WithName("GetNotificationType").WithSummary("One type")
            .Produces<NotificationTypeView>().Refuses(404).Needs(ApiScopes.NotificationsRead);
        api.MapPut("/notification-types/{name}", (string name, HttpContext http, NotificationTypeEndpoints on, CancellationToken cancellation) => on.PutAsync(name, http, cancellation))
            .WithName("PutNotificationType").WithSummary("Define a type, or change one")
            .WithDescription("The template is judged first: its placeholders, and every card that it makes of sample values. A type of a built-in name takes the place of that one.")
            .Takes<NotificationTypeBody>().Produces<NotificationTypeView>()
            .Refuses(400, 403, 413, 415, 422, 503).Needs(ApiScopes.NotificationsWrite);
        api.MapDelete("/notification-types/{name}", (string name, HttpContext http, NotificationTypeEndpoints on, CancellationToken cancellation) => on.DeleteAsync(name, http, cancellation))
            .WithName("DeleteNotificationType").WithSummary("Forget a type; a built-in one is as it came again")
            .Produces(StatusCodes.Status204NoContent).Refuses(403, 404, 409, 503).Needs(ApiScopes.NotificationsWrite);
        api.MapPost("/notification-types/{name}/preview", (string name, Body<PreviewNotificationType> body, NotificationTypeEndpoints on,
                CancellationToken cancellation) => on.PreviewAsync(name, body, cancellation))
            .WithName("PreviewNotificationType").WithSummary("See a type's card with given or sample values; with definition, of a type that is not saved yet")
            .Produces<NotificationPreview>()
            .Refuses(400, 404, 413, 415, 422).Needs(ApiScopes.NotificationsRead);
        api.MapPost("/notification-types/{name}/test", (string name, Body<TestNotificationType> body, NotificationTypeEndpoints on,
            CancellationToken cancellation) =>
                on.TestAsync(name, body, cancellation))
            .WithName("TestNotificationType").TakesIdempotencyKey().WithSummary("Send a type's card to one person, marked as a test")
            .WithDescription("Whatever its switch and quiet hours say. Its buttons work, and nobody is called back.")
            .Produces<NotificationView>(StatusCodes.Status202Accepted)
            .CallsPlatform().Needs(ApiScopes.NotificationsWrite);
    }

    private async Task<IResult> ListAsync(CancellationToken cancellation) => TypedResults.Ok(new NotificationTypeList([.. (await types.AllAsync(cancellation)).Select(View)]));

    private async Task<IResult> GetAsync(string name, CancellationToken cancellation) => TypedResults.Ok(View(await FindAsync(name, cancellation)));

    private async Task<IResult> PutAsync(string name, HttpContext http, CancellationToken cancellation)
    {
        var definition = Definition(await RequestJson.ReadAsync(http.Request, LargestBody, cancellation));
        return TypedResults.Ok(View(await types.SaveAsync(Caller.Grant(http), name, definition, cancellation)));
    }

    private async Task<IResult> DeleteAsync(string name, HttpContext http, CancellationToken cancellation)
    {
        if (await types.DeleteAsync(Caller.Grant(http), name, cancellation)) return TypedResults.NoContent();
        throw NotificationTypeRegistry.IsBuiltIn(name)
            ? new RequestRefusedException(StatusCodes.Status409Conflict, "built_in", "/{name}", "This type comes with the gateway and was not changed. Switch it off by its setting.")
            : NotFound();
    }

    private async Task<IResult> PreviewAsync(string name, Body<PreviewNotificationType> body, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        var type = sent.Definition is { } unsaved ? types.Judge(name, unsaved) : await FindAsync(name, cancellation);
        var sight = rehearsal.Look(type, sent.Variables);
        return TypedResults.Ok(new NotificationPreview(TextView.Of(type.Title),
            JsonSerializer.Deserialize<JsonElement>(sight.Card.Content), [.. sight.Card.Notes.Select(n => n.English)],
            CardText.Of(sight.Card.Content, sent.Locale ?? "zh_cn"), sight.Findings));
    }

    private async Task<IResult> TestAsync(string name, Body<TestNotificationType> body, CancellationToken cancellation)
    {
        gate.Demand();
        var (asked, caller) = (await body.ReadAsync(cancellation), Caller.Grant(body.Http));
        var app = calls.App(caller, asked.App, "/app");
        var key = IdempotencyKey.Read(body.Http.Request, asked.Key);
        var recipient = Recipient.Of(asked.Recipient, "/recipient");
        var sent = await rehearsal.SendAsync(await FindAsync(name, cancellation), app, recipient, asked.Variables, key,
            RequestHash.Of(body.Sent), caller, cancellation);
        return TypedResults.Accepted($"/api/v1/notifications/{sent.Id}", await database.ReadAsync(async sql => NotificationView.Of(sent, await store.DeliveriesAsync(sql, sent.Seq)), cancellation));
    }

    /// <summary>The body as it came: what is kept and shown again is what was written.</summary>
    private static JsonElement Definition(JsonFields body) =>
        JsonSerializer.SerializeToElement(body.Left.ToDictionary(name => name, name => body.Peek(name)!.Value, StringComparer.Ordinal), RequestJson.AsDeep);

    private NotificationTypeView View(NotificationType type) => new(type.Name, TextView.Of(type.Title), type.Description is { } text ? TextView.Of(text) : null, type.BuiltIn, type.ChangedAt is not null,
        type.IsOn(settings.Now), type.Switch, type.Decision, type.Urgency.ToString().ToLowerInvariant(), type.Definition, type.ChangedAt, type.ChangedBy);

    private async Task<NotificationType> FindAsync(string name, CancellationToken cancellation) => await types.FindAsync(name, cancellation) ?? throw NotFound();

    private static RequestRefusedException NotFound() => new(StatusCodes.Status404NotFound, "not_found", "/{name}", "There is no notification type of this name.");
}
