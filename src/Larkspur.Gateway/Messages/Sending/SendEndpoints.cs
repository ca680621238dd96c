using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Messages.Cards;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Messages;

/// <summary>Sending: new messages, replies, messages passed on. All of it goes through the outbox.</summary>
internal sealed class SendEndpoints(PlatformCalls calls, MessageQueue queue, MessageTargets targets, CardDrafts cards, RobotMessages robots)
{
    public static void Map(IEndpointRouteBuilder api)
    {
        Describe(api.MapPost("/messages", (Body<SendMessage> body, [AsParameters] SendQuery query, SendEndpoints on,
            CancellationToken cancellation) =>
                on.SendAsync(body, query, cancellation))
            .WithName("SendMessage").Needs(ApiScopes.MessagesWrite).WithSummary("Send a message"));
        Describe(api.MapPost("/messages/{message_id}/reply", (string message_id, Body<ReplyMessage> body, [AsParameters] SendQuery query,
            SendEndpoints on,
                CancellationToken cancellation) =>
                on.ReplyAsync(message_id, body, query, cancellation))
            .WithName("ReplyToMessage").Needs(ApiScopes.MessagesWrite).WithSummary("Answer a message"));
        Describe(api.MapPost("/messages/{message_id}/forward",
            (string message_id, Body<ForwardMessage> body, [AsParameters] SendQuery query, SendEndpoints on,
                CancellationToken cancellation) =>
                on.ForwardAsync(message_id, body, query, cancellation))
            .WithName("ForwardMessage").Needs(ApiScopes.MessagesWrite).WithSummary("Pass a message on"));
        Describe(api.MapPost("/messages/merge-forward", (Body<MergeForwardMessages> body, [AsParameters] SendQuery query, SendEndpoints on,
                CancellationToken cancellation) =>
                on.MergeForwardAsync(body, query, cancellation))
            .WithName("MergeForwardMessages").Needs(ApiScopes.MessagesWrite).WithSummary("Pass messages of one chat on as a bundle"));
        api.MapGet("/messages/{id:long}", (long id, [AsParameters] WaitQuery query, KeyGrant caller, SendEndpoints on, CancellationToken cancellation) => on.StateAsync(caller, id, query, cancellation))
            .WithName("GetQueuedMessage").Needs(ApiScopes.MessagesRead).WithSummary("What became of a message, by the id that sending it gave")
            .Produces<MessageAnswer>().Refuses(400, 404);

        static void Describe(RouteHandlerBuilder route) => route.TakesIdempotencyKey()
            .WithDescription("The message is durable when 202 is answered, and sent once however often the call is repeated under one Idempotency-Key. "
                + "With wait the answer tells the outcome where it comes in time: 200, and state is sent, degraded, failed or superseded.")
            .Produces<MessageAnswer>().Produces<MessageAnswer>(StatusCodes.Status202Accepted)
            .Refuses(400, 404, 409, 413, 415, 422, 503);
    }

    private async Task<IResult> SendAsync(Body<SendMessage> body, SendQuery query, CancellationToken cancellation)
    {
        var (sent, said, caller) = (await body.ReadAsync(cancellation), body.Free(), Caller.Grant(body.Http));
        var to = Receiver.Of(sent.To, robots: true);
        if (sent.To.Robot is { } name)
        {
            var (row, notes, robot) = robots.Read(caller, name, sent, said, query);
            row = row with { Priority = Priority(sent.Priority) };
            var asked = IdempotencyKey.Read(body.Http.Request, sent.Key);
            return await AnswerAsync(await robots.QueueAsync(caller, robot, asked, row, cancellation), notes, query, cancellation);
        }

        if (said.Has("markdown"))
            throw RequestRefusedException.Impossible("robots_only", "/markdown",
                "Markdown by itself is for group robots: elsewhere a card shows it, "
                    + "{\"card_message\": {\"title\": …, \"markdown\": …}}.");
        var app = calls.App(caller, query.AppOf(sent.App), "/app");
        var key = await queue.KeyAsync(app.Name, IdempotencyKey.Read(body.Http.Request, sent.Key), cancellation);
        var draft = await cards.ReadAsync(caller, said, app.Name, key, cancellation) ?? MessageDraft.Read(said);
        said.End();
        var message = new OutboxMessage
        {
            Operation = MessageOperations.Create, Lane = to.Id, TargetType = to.Type, Target = to.Id, MessageType = draft.Type, Content = draft.Content,
            Priority = Priority(sent.Priority), FallsBack = sent.Fallback ?? true,
        };
        CardCheck.Check(draft, query.Validate);
        return await QueueAsync(caller, app.Name, key, message, query, cancellation, draft);
    }

    private async Task<IResult> ReplyAsync(string id, Body<ReplyMessage> body, SendQuery query, CancellationToken cancellation)
    {
        var (sent, said, caller) = (await body.ReadAsync(cancellation), body.Free(), Caller.Grant(body.Http));
        var target = await targets.FindAsync(caller, id, query.AppOf(sent.App), MessageUse.Answer, cancellation);
        var key = await queue.KeyAsync(target.App.Name, IdempotencyKey.Read(body.Http.Request, sent.Key), cancellation);
        // In its chat's lane it keeps the order with what else goes there; without the chat it has one with the other answers to the message.
        var chat = sent.ChatId is { } chatId ? FeishuIds.Check("chat_id", chatId, "/chat_id") : null;
        var draft = await cards.ReadAsync(caller, said, target.App.Name, key, cancellation) ?? MessageDraft.Read(said);
        said.End();
        var lane = chat ?? (target.Queued is { TargetType: "chat_id" } queued ? queued.Target : target.Sent);
        var message = OutboxMessage.Reply(lane, target.Sent, draft.Type, draft.Content) with
        {
            Priority = Priority(sent.Priority), InThread = sent.InThread ?? false, FallsBack = sent.Fallback ?? true,
        };
        CardCheck.Check(draft, query.Validate);
        return await QueueAsync(caller, target.App.Name, key, message, query, cancellation, draft);
    }

    private async Task<IResult> ForwardAsync(string id, Body<ForwardMessage> body, SendQuery query, CancellationToken cancellation)
    {
        var (sent, caller) = (await body.ReadAsync(cancellation), Caller.Grant(body.Http));
        var target = await targets.FindAsync(caller, id, query.AppOf(sent.App), MessageUse.Read, cancellation);
        var key = await queue.KeyAsync(target.App.Name, IdempotencyKey.Read(body.Http.Request, sent.Key), cancellation);
        var to = Receiver.Of(sent.To);
        var message = OutboxMessage.Forward(to.Type, to.Id, target.Sent) with { Priority = Priority(sent.Priority) };
        return await QueueAsync(caller, target.App.Name, key, message, query, cancellation);
    }

    private async Task<IResult> MergeForwardAsync(Body<MergeForwardMessages> body, SendQuery query, CancellationToken cancellation)
    {
        var (sent, caller) = (await body.ReadAsync(cancellation), Caller.Grant(body.Http));
        var app = calls.App(caller, query.AppOf(sent.App), "/app");
        var key = await queue.KeyAsync(app.Name, IdempotencyKey.Read(body.Http.Request, sent.Key), cancellation);
        var to = Receiver.Of(sent.To);
        var ids = FeishuIds.CheckAll("message_id", sent.MessageIds, "/message_ids");
        var message = OutboxMessage.MergeForward(to.Type, to.Id, ids) with { Priority = Priority(sent.Priority) };
        await targets.DemandOwnAsync(caller, app, ids, "/message_ids", cancellation);
        return await QueueAsync(caller, app.Name, key, message, query, cancellation);
    }

    private async Task<IResult> StateAsync(KeyGrant caller, long id, WaitQuery query, CancellationToken cancellation)
    {
        var wait = query.Time;
        var message = await queue.FindAsync(id, cancellation) ?? throw NotFound();
        caller.DemandRead(message.Owner, message.App, NotFound);
        return TypedResults.Ok(await queue.WaitAsync(message, wait, cancellation));
    }

    private async Task<IResult> QueueAsync(KeyGrant caller, string app, string key, OutboxMessage message, SendQuery query, CancellationToken cancellation, MessageDraft? draft = null)
    {
        query.DemandTime();
        if (draft is not null) await targets.DemandShownAsync(caller, app, draft, cancellation);
        var queued = await queue.QueueAsync(caller, app, key, message, cancellation, draft?.Stored);
        return await AnswerAsync(queued, draft?.Notes, query, cancellation);
    }

    private async Task<IResult> AnswerAsync(
        MessageAnswer message, IReadOnlyList<string>? notes, SendQuery query, CancellationToken cancellation)
    {
        var queued = await queue.WaitAsync(message, query.Time, cancellation) with { Notes = notes };
        return queued.IsFinal ? TypedResults.Ok(queued) : TypedResults.Accepted($"/api/v1/messages/{queued.Id}", queued);
    }

    private static RequestRefusedException NotFound() => new(StatusCodes.Status404NotFound, "not_found", "/{id}", $"No message has this id. Ended ones are forgotten after a while. {KeyGrant.OthersHint}");

    /// <summary>What somebody waits for goes before what many get.</summary>
    private static OutboxPriority Priority(string? word) => word switch
    {
        null or "answer" => OutboxPriority.Answer,
        "bulk" => OutboxPriority.Bulk,
        var other => throw RequestRefusedException.Impossible("bad_priority", "/priority",
            $"\"{JsonFields.Shown(other)}\" is no priority: answer (at once) or bulk (can wait)."),
    };
}
