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
internal sealed class ChangeEndpoints(PlatformCalls calls, MessageQueue queue, MessageTargets targets, CardDrafts cards, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPatch("/messages/{message_id}", (string message_id, Body<ChangeMessage> body, [AsParameters] SendQuery query,
            ChangeEndpoints on,
                CancellationToken cancellation) => on.ChangeAsync(message_id, body, query, cancellation))
            .WithName("ChangeMessage").Needs(ApiScopes.MessagesWrite).TakesIdempotencyKey().WithSummary("Give a card another face, or edit a text or post")
            .WithDescription("A card's face goes through the outbox like a new message, and of several the newest wins: 202. "
                + "A text or post is edited at once: 200, operation edit, state sent, and no id; that can be done 20 times.")
            .Produces<MessageAnswer>().Produces<MessageAnswer>(StatusCodes.Status202Accepted).CallsPlatform();
        api.MapDelete("/messages/{message_id}", (string message_id, [FromQuery, Description("The app, by its configured name")] string? app, HttpContext http, ChangeEndpoints on, CancellationToken cancellation) =>
                on.RecallAsync(message_id, app, Caller.Grant(http), cancellation))
            .WithName("RecallMessage").Needs(ApiScopes.MessagesWrite).WithSummary("Take a message back")
            .WithDescription("By the id that sending it gave, a message that has not left yet is discarded; otherwise the platform recalls it: the bot's own while the company's "
                + "administrator allows it, in its groups others' too where the bot is the owner or an administrator.")
            .Produces<RecalledMessage>().CallsPlatform();
    }

    private async Task<IResult> ChangeAsync(string id, Body<ChangeMessage> body, SendQuery query, CancellationToken cancellation)
    {
        var (sent, said, caller) = (await body.ReadAsync(cancellation), body.Free(), Caller.Grant(body.Http));
        var target = await targets.FindAsync(caller, id, query.AppOf(sent.App), MessageUse.Change, cancellation);
        var key = await queue.KeyAsync(target.App.Name, IdempotencyKey.Read(body.Http.Request, sent.Key), cancellation);
        var draft = await cards.ReadAsync(caller, said, target.App.Name, key, cancellation)
            ?? MessageDraft.Read(said, "card", "template", "text", "post");
        said.End();
        var priority = sent.Priority switch
        {
            null or "answer" => OutboxPriority.Answer,
            "frame" => OutboxPriority.Frame,
            var other => throw RequestRefusedException.Impossible("bad_priority", "/priority",
                $"\"{JsonFields.Shown(other)}\" is no priority of a change: answer, or frame (one of many faces, which a later one makes worthless)."),
        };
        await targets.DemandShownAsync(caller, target.App.Name, draft, cancellation);
        if (!draft.IsCard) return await EditAsync(target, draft, cancellation);

        CardCheck.Check(draft, query.Validate, isChange: true);
        var wait = query.Time;
        var message = OutboxMessage.PatchCard(target.Sent, draft.Content) with { Priority = priority, FallsBack = sent.Fallback ?? true };
        var queued = await queue.WaitAsync(await queue.QueueAsync(caller, target.App.Name, key, message, cancellation, draft.Stored), wait, cancellation) with { Notes = draft.Notes };
        return queued.IsFinal ? TypedResults.Ok(queued) : TypedResults.Accepted($"/api/v1/messages/{queued.Id}", queued);
    }

    /// <summary>It is done or refused within the call: nothing is queued that could be asked for.</summary>
    private async Task<IResult> EditAsync(MessageTarget target, MessageDraft draft, CancellationToken cancellation)
    {
        var at = clock.GetUtcNow();
        await target.App.Client.Im.V1.Message.UpdateAsync(new() { MessageId = target.Sent, MsgType = draft.Type, Content = draft.Content },
            calls.Call(target.App, Endpoints.MessageUpdate), cancellation);
        return TypedResults.Ok(new MessageAnswer
        {
            App = target.App.Name, Operation = "edit", State = MessageAnswer.Sent, TargetType = "message_id", Target = target.Sent,
            MsgType = draft.Type, MessageId = target.Sent, CreatedAt = at, Attempts = 1, FinishedAt = clock.GetUtcNow(),
        });
    }

    private async Task<IResult> RecallAsync(string id, string? app, KeyGrant caller, CancellationToken cancellation)
    {
        var target = await targets.FindAsync(caller, id, app, MessageUse.Recall, cancellation);
        if (target.Queued is { State: MessageAnswer.Queued } open)
        {
            if (await queue.TakeBackAsync(open.Id!.Value, caller.Who.Name, cancellation))
                return TypedResults.Ok(new RecalledMessage(null, "discarded"));
            target = await targets.FindAsync(caller, id, app, MessageUse.Recall, cancellation);
            if (target.Queued is { State: MessageAnswer.Queued })
                throw new RequestRefusedException(StatusCodes.Status409Conflict, "being_sent", "/{message_id}", "It is on its way just now, or may have arrived: ask again when its state says so.");
        }

        await target.App.Client.Im.V1.Message.DeleteAsync(new() { MessageId = target.Sent }, calls.Call(target.App, Endpoints.MessageDelete), cancellation);
        return TypedResults.Ok(new RecalledMessage(target.Sent, "recalled"));
    }
}

/// <summary>What was taken back.</summary>
/// <param name="MessageId">The platform's id; null: it had not left.</param>
/// <param name="State"><c>recalled</c>, or <c>discarded</c>: it had not left.</param>
internal sealed record RecalledMessage(string? MessageId, string State);
