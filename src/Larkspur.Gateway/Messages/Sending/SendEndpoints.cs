using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Messages.Cards;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Messages;

/// <summary>Sending: new messages, replies, messages passed on. All of it goes through the outbox.</summary>
internal sealed class SendEndpoints(PlatformCalls calls, MessageQueue queue, MessageTargets targets, CardDrafts cards)
{
    /// <summary>A text of 150 KB, escaped and described.</summary>
    private const int LargestBody = 400 << 10;
    private const int LargestSmallBody = 32 << 10;
    private const int MostForwarded = 100;

    public static void Map(IEndpointRouteBuilder api)
    {
        Describe(api.MapPost("/messages", (HttpRequest request, [AsParameters] SendQuery query, SendEndpoints on, CancellationToken cancellation) => on.SendAsync(request, query, cancellation))
            .WithName("SendMessage").Needs(ApiScopes.MessagesWrite).WithSummary("Send a message")
            .Takes<SendMessage>());
        Describe(api.MapPost("/messages/{message_id}/reply", (string message_id, HttpRequest request, [AsParameters] SendQuery query, SendEndpoints on, CancellationToken cancellation) =>
                on.ReplyAsync(message_id, request, query, cancellation))
            .WithName("ReplyToMessage").Needs(ApiScopes.MessagesWrite).WithSummary("Answer a message")
            .Takes<ReplyMessage>());
        Describe(api.MapPost("/messages/{message_id}/forward", (string message_id, HttpRequest request, [AsParameters] SendQuery query, SendEndpoints on, CancellationToken cancellation) =>
                on.ForwardAsync(message_id, request, query, cancellation))
            .WithName("ForwardMessage").Needs(ApiScopes.MessagesWrite).WithSummary("Pass a message on")
            .Takes<ForwardMessage>());
        Describe(api.MapPost("/messages/merge-forward", (HttpRequest request, [AsParameters] SendQuery query, SendEndpoints on, CancellationToken cancellation) =>
                on.MergeForwardAsync(request, query, cancellation))
            .WithName("MergeForwardMessages").Needs(ApiScopes.MessagesWrite).WithSummary("Pass messages of one chat on as a bundle")
            .Takes<MergeForwardMessages>());
        api.MapGet("/messages/{id:long}", (long id, [AsParameters] WaitQuery query, KeyGrant caller, SendEndpoints on, CancellationToken cancellation) => on.StateAsync(caller, id, query, cancellation))
            .WithName("GetQueuedMessage").Needs(ApiScopes.MessagesRead).WithSummary("What became of a message, by the id that sending it gave")
            .Produces<MessageAnswer>().Refuses(400, 404);

        static void Describe(RouteHandlerBuilder route) => route.TakesIdempotencyKey()
            .WithDescription("The message is durable when 202 is answered, and sent once however often the call is repeated under one Idempotency-Key. "
                + "With wait the answer tells the outcome where it comes in time: 200, and state is sent, degraded, failed or superseded.")
            .Produces<MessageAnswer>().Produces<MessageAnswer>(StatusCodes.Status202Accepted)
            .Refuses(400, 404, 409, 413, 415, 422, 503);
    }

    private async Task<IResult> SendAsync(HttpRequest request, SendQuery query, CancellationToken cancellation)
    {
        var body = await RequestJson.ReadAsync(request, LargestBody, cancellation);
        var caller = Caller.Grant(request.HttpContext);
        var app = calls.App(caller, query.AppOf(body), body.At("app"));
        var key = await queue.KeyAsync(app.Name, IdempotencyKey.Read(request, body.Text("key", IdempotencyKey.Longest)), cancellation);
        var to = Receiver.Read(body);
        var draft = await cards.ReadAsync(caller, body, app.Name, key, cancellation) ?? MessageDraft.Read(body);
        var message = new OutboxMessage
        {
            Operation = MessageOperations.Create, Lane = to.Id, TargetType = to.Type, Target = to.Id, MessageType = draft.Type, Content = draft.Content,
            Priority = Priority(body), FallsBack = body.Truth("fallback") ?? true,
        };
        body.End();
        CardCheck.Check(draft, query.Validate);
        return await QueueAsync(caller, app.Name, key, message, query, cancellation, draft);
    }

    private async Task<IResult> ReplyAsync(string id, HttpRequest request, SendQuery query, CancellationToken cancellation)
    {
        var body = await RequestJson.ReadAsync(request, LargestBody, cancellation);
        var caller = Caller.Grant(request.HttpContext);
        var target = await targets.FindAsync(caller, id, query.AppOf(body), MessageUse.Answer, cancellation);
        var key = await queue.KeyAsync(target.App.Name, IdempotencyKey.Read(request, body.Text("key", IdempotencyKey.Longest)), cancellation);
        // In its chat's lane it keeps the order with what else goes there; without the chat it has one with the other answers to the message.
        var chat = body.Text("chat_id") is { } chatId ? FeishuIds.Check("chat_id", chatId, body.At("chat_id")) : null;
        var draft = await cards.ReadAsync(caller, body, target.App.Name, key, cancellation) ?? MessageDraft.Read(body);
        var message = OutboxMessage.Reply(chat ?? (target.Queued is { TargetType: "chat_id" } sent ? sent.Target : target.Sent), target.Sent, draft.Type, draft.Content) with
        {
            Priority = Priority(body), InThread = body.Truth("in_thread") ?? false, FallsBack = body.Truth("fallback") ?? true,
        };
        body.End();
        CardCheck.Check(draft, query.Validate);
        return await QueueAsync(caller, target.App.Name, key, message, query, cancellation, draft);
    }

    private async Task<IResult> ForwardAsync(string id, HttpRequest request, SendQuery query, CancellationToken cancellation)
    {
        var body = await RequestJson.ReadAsync(request, LargestSmallBody, cancellation);
        var caller = Caller.Grant(request.HttpContext);
        var target = await targets.FindAsync(caller, id, query.AppOf(body), MessageUse.Read, cancellation);
        var key = await queue.KeyAsync(target.App.Name, IdempotencyKey.Read(request, body.Text("key", IdempotencyKey.Longest)), cancellation);
        var to = Receiver.Read(body);
        var message = OutboxMessage.Forward(to.Type, to.Id, target.Sent) with { Priority = Priority(body) };
        body.End();
        return await QueueAsync(caller, target.App.Name, key, message, query, cancellation);
    }

    private async Task<IResult> MergeForwardAsync(HttpRequest request, SendQuery query, CancellationToken cancellation)
    {
        var body = await RequestJson.ReadAsync(request, LargestSmallBody, cancellation);
        var caller = Caller.Grant(request.HttpContext);
        var app = calls.App(caller, query.AppOf(body), body.At("app"));
        var key = await queue.KeyAsync(app.Name, IdempotencyKey.Read(request, body.Text("key", IdempotencyKey.Longest)), cancellation);
        var to = Receiver.Read(body);
        var at = body.At("message_ids");
        var ids = body.Need("message_ids", body.Texts("message_ids", MostForwarded));
        for (var i = 0; i < ids.Count; i++) FeishuIds.Check("message_id", ids[i], $"{at}/{i}");
        var message = OutboxMessage.MergeForward(to.Type, to.Id, ids) with { Priority = Priority(body) };
        body.End();
        await targets.DemandOwnAsync(caller, app, ids, at, cancellation);
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
        var wait = query.Time;
        if (draft is not null) await targets.DemandShownAsync(caller, app, draft, cancellation);
        var queued = await queue.WaitAsync(await queue.QueueAsync(caller, app, key, message, cancellation, draft?.Stored), wait, cancellation) with { Notes = draft?.Notes };
        return queued.IsFinal ? TypedResults.Ok(queued) : TypedResults.Accepted($"/api/v1/messages/{queued.Id}", queued);
    }

    private static RequestRefusedException NotFound() => new(StatusCodes.Status404NotFound, "not_found", "/{id}", $"No message has this id. Ended ones are forgotten after a while. {KeyGrant.OthersHint}");

    /// <summary>What somebody waits for goes before what many get.</summary>
    private static OutboxPriority Priority(JsonFields body) => body.Text("priority") switch
    {
        null or "answer" => OutboxPriority.Answer,
        "bulk" => OutboxPriority.Bulk,
        var other => throw RequestRefusedException.Impossible("bad_priority", body.At("priority"), $"\"{JsonFields.Shown(other)}\" is no priority: answer (at once) or bulk (can wait)."),
    };
}
