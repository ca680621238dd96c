using System.ComponentModel;
using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Messages.Cards;
using Larkspur.Gateway.Outbox;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Messages;

/// <summary>Changing what was said, and taking it back.</summary>
internal sealed class ChangeEndpoints(PlatformCalls calls, MessageQueue queue, MessageTargets targets, CardDrafts cards)
{
    private const int LargestBody = 400 << 10;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPatch("/messages/{message_id}", (string message_id, HttpRequest request, [AsParameters] SendQuery query, ChangeEndpoints on, CancellationToken cancellation) =>
                on.ChangeAsync(message_id, request, query, cancellation))
            .WithName("ChangeMessage").Needs(ApiScopes.MessagesWrite).TakesIdempotencyKey().WithSummary("Give a card another face, or edit a text or post")
            .WithDescription("A card's face goes through the outbox like a new message, and of several the newest wins: 202. A text or post is edited at once: 200; that can be done 20 times.")
            .Takes<ChangeMessage>().Produces<MessageAnswer>().Produces<MessageAnswer>(StatusCodes.Status202Accepted).CallsPlatform();
        api.MapDelete("/messages/{message_id}", (string message_id, [FromQuery, Description("The app, by its configured name")] string? app, HttpContext http, ChangeEndpoints on, CancellationToken cancellation) =>
                on.RecallAsync(message_id, app, Caller.Grant(http), cancellation))
            .WithName("RecallMessage").Needs(ApiScopes.MessagesWrite).WithSummary("Take a message back")
            .WithDescription("By the id that sending it gave, a message that has not left yet is discarded; otherwise the platform recalls it: the bot's own while the company's "
                + "administrator allows it, in its groups others' too where the bot is the owner or an administrator.")
            .Produces<RecalledMessage>().CallsPlatform();
    }

    private async Task<IResult> ChangeAsync(string id, HttpRequest request, SendQuery query, CancellationToken cancellation)
    {
        var body = await RequestJson.ReadAsync(request, LargestBody, cancellation);
        var caller = Caller.Grant(request.HttpContext);
        var target = await targets.FindAsync(caller, id, query.AppOf(body), MessageUse.Change, cancellation);
        var key = await queue.KeyAsync(target.App.Name, IdempotencyKey.Read(request, body.Text("key", IdempotencyKey.Longest)), cancellation);
        var draft = await cards.ReadAsync(caller, body, target.App.Name, key, cancellation) ?? MessageDraft.Read(body, "card", "template", "text", "post");
        var priority = body.Text("priority") switch
        {
            null or "answer" => OutboxPriority.Answer,
            "frame" => OutboxPriority.Frame,
            var other => throw RequestRefusedException.Impossible("bad_priority", body.At("priority"), $"\"{JsonFields.Shown(other)}\" is no priority of a change: answer, or frame (one of many faces, which a later one makes worthless)."),
        };
        var fallsBack = body.Truth("fallback") ?? true;
        body.End();
        await targets.DemandShownAsync(caller, target.App.Name, draft, cancellation);
        if (!draft.IsCard) return await EditAsync(target, draft, cancellation);

        CardCheck.Check(draft, query.Validate, isChange: true);
        var wait = query.Time;
        var message = OutboxMessage.PatchCard(target.Sent, draft.Content) with { Priority = priority, FallsBack = fallsBack };
        var queued = await queue.WaitAsync(await queue.QueueAsync(caller, target.App.Name, key, message, cancellation, draft.Stored), wait, cancellation) with { Notes = draft.Notes };
        return queued.IsFinal ? TypedResults.Ok(queued) : TypedResults.Accepted($"/api/v1/messages/{queued.Id}", queued);
    }

    private async Task<IResult> EditAsync(MessageTarget target, MessageDraft draft, CancellationToken cancellation)
    {
        var edited = await target.App.Client.Im.V1.Message.UpdateAsync(new() { MessageId = target.Sent, MsgType = draft.Type, Content = draft.Content },
            calls.Call(target.App, Endpoints.MessageUpdate), cancellation);
        return TypedResults.Ok(MessageView.Of(edited));
    }

    private async Task<IResult> RecallAsync(string id, string? app, KeyGrant caller, CancellationToken cancellation)
    {
        var target = await targets.FindAsync(caller, id, app, MessageUse.Recall, cancellation);
        if (target.Queued is { State: MessageAnswer.Queued } open)
        {
            if (await queue.TakeBackAsync(open.Id, caller.Who.Name, cancellation)) return TypedResults.Ok(new RecalledMessage(null, "discarded"));
            target = await targets.FindAsync(caller, id, app, MessageUse.Recall, cancellation);
            if (target.Queued is { State: MessageAnswer.Queued })
                throw new RequestRefusedException(StatusCodes.Status409Conflict, "being_sent", "/{message_id}", "It is on its way just now, or may have arrived: ask again when its state says so.");
        }

        await target.App.Client.Im.V1.Message.DeleteAsync(new() { MessageId = target.Sent }, calls.Call(target.App, Endpoints.MessageDelete), cancellation);
        return TypedResults.Ok(new RecalledMessage(target.Sent, "recalled"));
    }
}

/// <summary>What a message says from now on: one of these.</summary>
internal sealed record ChangeMessage
{
    /// <inheritdoc cref="MessageSaid.App"/>
    public string? App { get; init; }

    /// <inheritdoc cref="MessageSaid.Key"/>
    public string? Key { get; init; }

    /// <summary><c>answer</c> (default), or <c>frame</c>: one of many faces, which a later one makes worthless.</summary>
    public string? Priority { get; init; }

    /// <summary>False: when the platform refuses the card, its facts are not sent as text.</summary>
    public bool? Fallback { get; init; }

    /// <inheritdoc cref="MessageSaid.Card"/>
    public JsonElement? Card { get; init; }

    /// <inheritdoc cref="MessageSaid.CardMessage"/>
    public JsonElement? CardMessage { get; init; }

    /// <inheritdoc cref="MessageSaid.Template"/>
    public JsonElement? Template { get; init; }

    /// <inheritdoc cref="MessageSaid.Variables"/>
    public JsonElement? Variables { get; init; }

    /// <inheritdoc cref="MessageSaid.Text"/>
    public string? Text { get; init; }

    /// <inheritdoc cref="MessageSaid.Post"/>
    public JsonElement? Post { get; init; }
}

/// <summary>What was taken back.</summary>
/// <param name="MessageId">The platform's id; null: it had not left.</param>
/// <param name="State"><c>recalled</c>, or <c>discarded</c>: it had not left.</param>
internal sealed record RecalledMessage(string? MessageId, string State);
